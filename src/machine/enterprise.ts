/**
 * Kernels of enterprise distributions: numbered by the release they were forked from, with interrupt code of much later
 * ones. Each row says which upstream release it is modelled as; the model is an approximation, and says so.
 */

interface EnterpriseRow {
  /** What `uname -r` prints, or the short name; group 1 is the release that it is numbered by, if that decides. */
  readonly patterns: readonly RegExp[];
  readonly product: string;
  /** Upstream release whose behaviour is taken; null: the one that it is numbered by. */
  readonly release: string | null;
  readonly forkedFrom: string;
  /** What is known of it. */
  readonly known: string;
}

const NOT_MEASURED = 'which of the later changes it has is not known: no such kernel was measured';

const ENTERPRISE: readonly EnterpriseRow[] = [
  {
    patterns: [/^4\.18\.0-\S*\bel8/, /^(?:rhel|el)-?8(?:\.\d{1,2})?$/],
    product: 'Red Hat Enterprise Linux 8',
    // Golden data of the 8.5 kernel equal 5.10.13 (ALIASES of kernel.ts).
    release: '5.10.13',
    forkedFrom: '4.18',
    known:
      'how 8.5 (4.18.0-348) spreads interrupts is measured and equals 5.10.13; what else it has, and what was backported later, is not known',
  },
  {
    patterns: [/^5\.14\.0-\S*\bel9/, /^(?:rhel|el)-?9(?:\.\d{1,2})?$/],
    product: 'Red Hat Enterprise Linux 9',
    release: '5.14',
    forkedFrom: '5.14',
    known: NOT_MEASURED,
  },
  {
    patterns: [/^6\.12\.0-\S*\bel10/, /^(?:rhel|el)-?10(?:\.\d{1,2})?$/],
    product: 'Red Hat Enterprise Linux 10',
    release: '6.12',
    forkedFrom: '6.12',
    known: NOT_MEASURED,
  },
  {
    // 15 SP2 to SP7 and 16: "5.14.21-150500.55.59-default".
    patterns: [/^(\d+\.\d+\.\d+)-1[56]0\d00\.\d+[\d.]*-/],
    product: 'SUSE Linux Enterprise',
    release: null,
    forkedFrom: 'the release in its number',
    known: NOT_MEASURED,
  },
];

/** A number and nothing else is no kernel of theirs. */
const UPSTREAM = /^[\d.]*$/;

export interface EnterpriseKernel {
  readonly product: string;
  /** Upstream release whose behaviour is taken. */
  readonly release: string;
  /** What it is, and what is known and not known of it. */
  readonly about: string;
}

/** The row of a release such as "5.14.0-427.13.1.el9_4.x86_64", or of "el9"; undefined for other kernels. */
export function enterpriseProfile(text: string): EnterpriseKernel | undefined {
  if (UPSTREAM.test(text)) return undefined;
  for (const { patterns, product, release, forkedFrom, known } of ENTERPRISE) {
    const match = patterns.map((pattern) => pattern.exec(text)).find((found) => found !== null);
    if (!match) continue;
    const taken = release ?? match[1];
    const about = `a ${release === null ? taken : forkedFrom} kernel with backports of later releases, modelled as ${taken}; ${known}`;
    return { product, release: taken, about };
  }
  return undefined;
}

/** The named profiles, for lists: a name that `--kernel` takes, the product, and what is known of it. */
export const enterpriseNames = (): readonly (EnterpriseKernel & { readonly name: string })[] =>
  ['el8', 'el9', 'el10'].flatMap((name) => {
    const profile = enterpriseProfile(name);
    return profile ? [{ name, ...profile }] : [];
  });
