/** Which kernel booted, with which parameters, built for how many CPUs. */
import { enterpriseProfile } from '../../machine/enterprise.ts';
import { kernelProfile, NEWEST_KERNEL, OLDEST_KERNEL, parseRelease } from '../../machine/kernel.ts';
import { LIMITS } from '../../machine/limits.ts';
import type { DescriptionBuilder } from '../description-builder.ts';
import { type LogEvidence, type Said, saidBy, smallNumber } from './evidence.ts';
import type { KernelLog } from './log.ts';

/** Distributions put the stable release that they build from behind the release of `uname -r`. */
const RELEASES: readonly RegExp[] = [
  /^Linux version \S+ .*#\d+ .*\bDebian (\d+\.\d+\.\d+)/,
  /^Linux version \S+ .*\(Ubuntu \S+ (\d+\.\d+\.\d+)\)\s*$/,
  /^Linux version (\S+)/,
];

/** The release, as the boot logs it. */
export function releaseOf(evidence: LogEvidence): Said | undefined {
  for (const pattern of RELEASES) {
    const [said] = saidBy(evidence, pattern);
    if (said && parseRelease(said.groups[0])) return said;
  }
  return undefined;
}

/** A record of the kernel's log holds so many characters; the command line is cut there. */
const RECORD_MAX = 960;

/**
 * The command line: setup_arch() prints it first; start_kernel() prints it again, since 6.19 in several lines that
 * end with a backslash.
 */
export function cmdlineOf(log: KernelLog): (Said & { readonly cut: boolean }) | undefined {
  const early = saidBy({ log }, /^Command line: (.*)$/)[0];
  const start = log.lines.findIndex(({ text }) => text.startsWith('Kernel command line: '));
  if (start < 0) return early && { ...early, cut: early.groups[0].length >= RECORD_MAX };
  let text = log.lines[start].text.slice('Kernel command line: '.length);
  for (let at = start + 1; text.endsWith('\\') && at < log.lines.length; at++) {
    const next = log.lines[at].text.replace(/^(?:Kernel command line:)?\s*/, '');
    text = `${text.slice(0, -1).trimEnd()} ${next}`;
  }
  const late = { line: log.lines[start].line, groups: [text] };
  const longest = early && early.groups[0].length >= text.length ? early : late;
  return { ...longest, cut: longest.groups[0].length >= RECORD_MAX && longest.groups[0].length < 1024 };
}

/** The release as the model takes it, where it is older or newer than all that is modelled. */
function modelled(release: string): string {
  try {
    return kernelProfile(release).text;
  } catch {
    return (parseRelease(release)?.major ?? 0) >= 7 ? NEWEST_KERNEL : OLDEST_KERNEL;
  }
}

/** Sets kernel, kernelConfig.nrCpus and cmdline. */
export function describeLoggedKernel(sheet: DescriptionBuilder, evidence: LogEvidence): void {
  const { log, at } = evidence;
  const release = releaseOf(evidence);
  if (release) {
    const [text] = release.groups;
    const taken = modelled(text);
    sheet.set(['kernel'], taken, at(release.line));
    if (taken !== text)
      sheet.notUnderstood(
        `the kernel release ${text}, which is not modelled (Linux ${taken} is taken)`,
        at(release.line),
        ['the kernel'],
        '--kernel RELEASE chooses another',
        'kernel',
      );
    const enterprise = enterpriseProfile(text);
    if (enterprise) sheet.assume(`${enterprise.product}: ${enterprise.about}`, ['kernel']);
  } else
    sheet.notUnderstood(
      'the kernel release, which the log does not hold (the newest is taken)',
      undefined,
      ['the kernel'],
      '--kernel RELEASE, or the log from the boot on: journalctl -k -b, /var/log/dmesg',
      'kernel',
    );
  describeCmdline(sheet, evidence);
  const [built] = saidBy({ log }, /\bNR_CPUS[:=](\d+) (?:nr_cpumask_bits|to nr_cpu_ids)/);
  const nrCpus = smallNumber(built?.groups[0]);
  if (built && nrCpus !== undefined && nrCpus > 0)
    sheet.set(['kernelConfig', 'nrCpus'], Math.min(nrCpus, LIMITS.cpus), at(built.line));
  else sheet.assume('the log does not tell CONFIG_NR_CPUS: 8192 is taken', ['kernelConfig']);
}

function describeCmdline(sheet: DescriptionBuilder, { log, cmdline, at }: LogEvidence): void {
  const said = cmdlineOf(log);
  if (!said) {
    sheet.notUnderstood(
      'the kernel command line, which the log does not hold (an empty one is taken)',
      undefined,
      ['the kernel'],
      "--set cmdline='...' as in /proc/cmdline",
      'cmdline',
    );
    return;
  }
  if (said.cut)
    sheet.notUnderstood(
      'the end of the kernel command line, which the log cuts off',
      at(said.line),
      ['the kernel'],
      "--set cmdline='...' as in /proc/cmdline",
      'cmdline',
    );
  if (cmdline !== '') sheet.set(['cmdline'], cmdline.slice(0, 65_536), at(said.line));
}
