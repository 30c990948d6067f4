/** The operating system that a domain names: by libosinfo, or by enlightenments that only Windows uses. */
import type { Fact } from '../qemu/facts.ts';
import { child, childrenOf, type XmlElement } from '../text/xml.ts';
import type { Look } from './look.ts';

/** Systems other than Linux, by how their libosinfo IDs begin. */
const SYSTEMS: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/^https?:\/\/microsoft\.com\//, 'Windows'],
  [/^https?:\/\/apple\.com\//, 'macOS'],
  [/^https?:\/\/freebsd\.org\//, 'FreeBSD'],
  [/^https?:\/\/openbsd\.org\//, 'OpenBSD'],
  [/^https?:\/\/netbsd\.org\//, 'NetBSD'],
  [/^https?:\/\/dragonflybsd\.org\//, 'DragonFly BSD'],
  [/^https?:\/\/(?:oracle|sun)\.com\/(?:open)?solaris/, 'Solaris'],
  [/^https?:\/\/(?:illumos|omnios|openindiana|smartos)\./, 'illumos'],
  [/^https?:\/\/haiku-os\.org\//, 'Haiku'],
  [/^https?:\/\/novell\.com\/netware/, 'NetWare'],
];

/** libosinfo IDs of Windows without an address: `win10`, `win2k22`. */
const WINDOWS_SHORT = /^win(?:\d|2k|xp|vista)/;

/** Undefined: nothing is said, or it is Linux. */
export function guestOs(domain: XmlElement, look: Look): Fact<string> | undefined {
  return byLibosinfo(domain, look) ?? byEnlightenments(domain, look);
}

function byLibosinfo(domain: XmlElement, look: Look): Fact<string> | undefined {
  const metadata = child(domain, 'metadata');
  for (const info of metadata?.children ?? []) {
    if (!/(?:^|:)libosinfo$/.test(info.name)) continue;
    for (const os of info.children) {
      const id = look.attribute(os, 'id');
      if (!id) continue;
      const name = WINDOWS_SHORT.test(id.value)
        ? 'Windows'
        : SYSTEMS.find(([pattern]) => pattern.test(id.value))?.[1];
      if (name) return { value: name, at: id.at };
    }
  }
  return undefined;
}

/** The clock that Windows keeps in local time, together with hypervclock, is how tools write Windows guests. */
function byEnlightenments(domain: XmlElement, look: Look): Fact<string> | undefined {
  const clock = child(domain, 'clock');
  const offset = look.attribute(clock, 'offset');
  const usesHyperv = childrenOf(clock, 'timer').some(
    (timer) =>
      look.attribute(timer, 'name')?.value === 'hypervclock' &&
      look.attribute(timer, 'present')?.value === 'yes',
  );
  return offset?.value === 'localtime' && usesHyperv ? { value: 'Windows', at: offset.at } : undefined;
}
