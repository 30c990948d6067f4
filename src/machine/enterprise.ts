/**
 * Kernels of enterprise distributions: numbered by the release they were forked from, with interrupt code of much later
 * ones. Each row says which upstream release it is modelled as; the model is an approximation, and says so.
 */

export interface EnterpriseKernel {
  readonly pattern: RegExp;
  readonly product: string;
  /** Upstream release whose behaviour is taken. */
  readonly release: string;
  readonly about: string;
}

const ENTERPRISE: readonly EnterpriseKernel[] = [
  {
    pattern: /^4\.18\.0-\S*\bel8/,
    product: 'Red Hat Enterprise Linux 8',
    // Golden data of the 8.5 kernel equal 5.10.13 (ALIASES of kernel.ts).
    release: '5.10.13',
    about: 'a 4.18 kernel with backports, modelled as 5.10.13; what was backported later is not known',
  },
  {
    pattern: /^5\.14\.0-\S*\bel9/,
    product: 'Red Hat Enterprise Linux 9',
    release: '5.14',
    about: 'a 5.14 kernel with backports of later releases, modelled as 5.14: an approximation',
  },
  {
    pattern: /^6\.12\.0-\S*\bel10/,
    product: 'Red Hat Enterprise Linux 10',
    release: '6.12',
    about: 'a 6.12 kernel with backports of later releases, modelled as 6.12: an approximation',
  },
];

/** The row of a release such as "5.14.0-427.13.1.el9_4.x86_64"; undefined for other kernels. */
export function enterpriseProfile(release: string): EnterpriseKernel | undefined {
  return ENTERPRISE.find(({ pattern }) => pattern.test(release));
}
