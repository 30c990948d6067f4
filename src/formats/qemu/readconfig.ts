/** Files for -readconfig, as Incus and people write them: [section "id"] and key = "value". */
import { lookup } from '../../lib/lookup.ts';
import { names } from '../../lib/names.ts';
import type { Location } from '../../machine/machine.ts';
import { TextError } from '../text/text.ts';
import type { Fact } from './facts.ts';
import type { Place, QemuOption } from './option.ts';
import { MAX_OPTIONS } from './words.ts';

/** Sections that are named otherwise on the command line. */
const OPTIONS = {
  'smp-opts': 'smp',
  'boot-opts': 'boot',
  memory: 'm',
  acpi: 'acpitable',
  realtime: 'overcommit',
} as const;

/** Options of the command line that have no section (measured on 7.2). */
const NO_SECTION = names(
  'cpu smp append vga balloon m enable-kvm audio display no-hpet no-acpi readconfig set',
);

/** Lines of comments that may stand in front. */
const MAX_LEAD = 1000;

const HEADER = /^\s*\[\s*([\w.-]+)(?:\s+"([^"]*)")?\s*\]\s*(?:#.*)?$/;
const ASSIGNMENT = /^(\s*)([\w.-]+)\s*=\s*"([^"]*)"\s*(?:#.*)?$/;

const SECTION =
  /^\[\s*(?:(?:machine|smp-opts|accel|memory|global|numa)|(?:device|netdev|object|chardev|drive)\s+"[^"]*")\s*\]/;

/** True if the first line that is neither blank nor a comment is one of QEMU's sections. */
export function looksLikeReadconfig(text: string): boolean {
  for (const line of text.split('\n', MAX_LEAD)) {
    const clean = line.trim();
    if (clean !== '' && !clean.startsWith('#')) return SECTION.test(clean);
  }
  return false;
}

/** The options of a file. Throws TextError for a line that is neither a section nor an assignment. */
export function parseReadconfig(text: string, place: Place): QemuOption[] {
  const options: QemuOption[] = [];
  let props: Map<string, Fact<string>> | undefined;
  let offset = 0;
  for (const line of text.split('\n')) {
    const clean = line.replace(/\r$/, '');
    const header = HEADER.exec(clean);
    const assignment = header ? null : ASSIGNMENT.exec(clean);
    if (header) {
      if (options.length >= MAX_OPTIONS) throw new TextError(offset, `more than ${MAX_OPTIONS} sections`);
      const [, section, id] = header;
      if (NO_SECTION.has(section)) throw new TextError(offset, `There is no option group '${section}'`);
      props = new Map();
      const at = place(offset + clean.indexOf('['));
      if (id !== undefined) props.set('id', { value: id, at });
      options.push(sectionOption(section, props, at));
    } else if (assignment && props) {
      const [, indent, key, value] = assignment;
      props.set(key, { value, at: place(offset + indent.length) });
    } else if (clean.trim() !== '' && !clean.trim().startsWith('#')) {
      throw new TextError(offset, 'expected [section], key = "value" or a comment');
    }
    offset += line.length + 1;
  }
  return options;
}

function sectionOption(section: string, props: Map<string, Fact<string>>, at: Location): QemuOption {
  const name = lookup(OPTIONS, section) ?? section;
  return { name, props, value: { value: '', at }, text: undefined };
}
