/** crosvm: its command line, or the JSON file of `crosvm run --cfg`. APIC IDs are bytes, so they end at 254. */

import { isKeyOf } from '../../lib/lookup.ts';
import { names } from '../../lib/names.ts';
import { LIMITS } from '../../machine/limits.ts';
import type { Location, RawInput } from '../../machine/locate.ts';
import { shellComments } from '../comments/shell-comments.ts';
import { withUnused } from '../defines.ts';
import { type DescriptionBuilder, describedBy } from '../description-builder.ts';
import { keysOf, nameUnknown } from '../known-keys.ts';
import type { Reader, ReadResult } from '../reader.ts';
import { commandsIn } from '../text/commands-in.ts';
import { headText } from '../text/head.ts';
import { readJson } from '../text/json.ts';
import { locatedObject } from '../text/located.ts';
import { runsOf, runsProgram, type Word } from '../text/shell.ts';
import { type SourceValue, sourceValue } from '../text/source-value.ts';
import { cleanText, parsed, rawInput, TextError, textPositions } from '../text/text.ts';

const isProgram = (name: string): boolean => name === 'crosvm';
const MAX_VCPUS = 254;
const BLOCK_QUEUES = 16;

interface Option {
  readonly key: string;
  readonly isList: boolean;
  /** Key of what stands first without one; empty: the value is no list of settings. */
  readonly first: string;
}

/** Options that matter, and their key in the JSON form. */
const OPTIONS = {
  c: { key: 'cpus', isList: false, first: 'num-cores' },
  cpus: { key: 'cpus', isList: false, first: 'num-cores' },
  b: { key: 'block', isList: true, first: 'path' },
  block: { key: 'block', isList: true, first: 'path' },
  net: { key: 'net', isList: true, first: 'tap-name' },
  vfio: { key: 'vfio', isList: true, first: 'path' },
  d: { key: 'block', isList: true, first: 'path' },
  disk: { key: 'block', isList: true, first: 'path' },
  rwdisk: { key: 'block', isList: true, first: 'path' },
  r: { key: 'block', isList: true, first: 'path' },
  root: { key: 'block', isList: true, first: 'path' },
  rwroot: { key: 'block', isList: true, first: 'path' },
  p: { key: 'params', isList: true, first: '' },
  params: { key: 'params', isList: true, first: '' },
} as const satisfies Readonly<Record<string, Option>>;
const SWITCHES = ['host-cpu-topology'];

/** Options with a value and switches that say nothing of CPUs, and add no device with several queues. */
const IDLE =
  names(`m mem i initrd kernel s socket serial gpu gpu-display gpu-render-server cid vsock wayland-sock
  x-display android-fstab bios pflash balloon-bias-mib seccomp-policy-dir log-level syslog-tag cpu-affinity cpu-capacity
  swap file-backed-mapping ac97 virtio-snd input initrd-path core-scheduling rng mac host-ip netmask tap-name tap-fd name
  gdb coiommu core-types pmem-device rw-pmem-device pmem pivot-root acpi-table trackpad mouse keyboard evdev switches
  single-touch multi-touch display-window-keyboard display-window-mouse stub-pci-device`);
const IDLE_SWITCHES =
  names(`disable-sandbox no-balloon no-rng no-usb no-rtc no-smt no-legacy no-i8042 no-pmu unmap-guest-memory-on-fork
  hugepages protected-vm rt-cpus delay-rt enable-pnp-data itmt lock-guest-memory no-balloon-wss balloon-page-reporting split-irqchip
  display-window-keyboard display-window-mouse force-s2idle host-guid strict-balloon mmio-address-range`);

const CPUS = keysOf('num-cores boot-cpu freq-domains sve', ['CPUs']);

/** Keys of the JSON form. */
const CONFIG = keysOf(
  `kernel params mem initrd serial socket gpu vsock cid host-cpu-topology rng balloon bios pflash sandbox name disable-sandbox
  no-balloon no-rng no-usb input sound virtio-snd pmem swap core-scheduling seccomp-policy-dir vfio`,
  ['CPUs', 'devices', 'the irqchip'],
  {
    cpus: CPUS,
    block: keysOf(
      'path root ro o_direct lock block-size block_size id num-queues num_queues async-executor packed-queue bootindex pci-address sparse direct multiple-workers',
      ['devices'],
    ),
    net: keysOf('tap-name tap-fd host-ip netmask mac vq-pairs vhost-net packed-queue pci-address mrg-rxbuf', [
      'devices',
    ]),
  },
);

function readArguments(args: readonly Word[], place: (offset: number) => Location): RawInput {
  const config = locatedObject();
  const counts: Record<string, number> = {};
  for (let index = 0; index < args.length; index++) {
    const [, name, inline] = /^--?([\w-]+)(?:=(.*))?$/s.exec(args[index].text) ?? [];
    if (name === undefined) {
      nameWord(args, index, config, place);
      continue;
    }
    if (SWITCHES.includes(name)) config.set([name], true, place(args[index].at(0)));
    if (IDLE_SWITCHES.has(name) || SWITCHES.includes(name)) continue;
    if (!isKeyOf(OPTIONS, name)) {
      const next = args.at(index + 1)?.text;
      const takes = inline === undefined && next !== undefined && !next.startsWith('-');
      // Under a key that no configuration has, so that it is named.
      if (!IDLE.has(name)) config.set([`--${name}`], 'on', place(args[index].at(0)));
      if (IDLE.has(name) ? inline === undefined : takes && index + 2 < args.length) index++;
      continue;
    }
    const { key, isList, first } = OPTIONS[name];
    const value = inline ?? args[++index]?.text;
    if (value === undefined) continue;
    const start = args[index].at(inline === undefined ? 0 : args[index].text.length - inline.length);
    const path = isList ? [key, counts[key] ?? 0] : [key];
    counts[key] = (counts[key] ?? 0) + 1;
    if (first === '') config.set(path, value, place(start));
    else
      for (const [n, part] of value.split(',').entries()) {
        const [setting, text] = part.includes('=')
          ? part.split('=', 2)
          : n === 0
            ? [first, part]
            : [part, 'true'];
        config.set([...path, setting], text, place(start));
      }
  }
  return config.raw;
}

/** The subcommand stands first and the kernel last; what only the shell knows may be any option. */
function nameWord(
  args: readonly Word[],
  index: number,
  config: ReturnType<typeof locatedObject>,
  place: (offset: number) => Location,
): void {
  const { text, unknowns, at } = args[index];
  const isPlain = unknowns === undefined && (index === 0 || index === args.length - 1);
  if (!isPlain && text !== '') config.set([text], 'on', place(at(0)));
}

function describe(config: SourceValue): ReadResult {
  const sheet = describedBy('crosvm');
  nameUnknown(config, CONFIG, sheet);
  const written = config.get('cpus', 'num-cores') ?? config.get('cpus');
  const cores = written && typeof written.value !== 'object' ? written : undefined;
  const count = cores?.whole(1, LIMITS.cpus) ?? 1;
  if (!cores) sheet.assume('one vCPU is the default', ['topology']);
  if (count > MAX_VCPUS) {
    sheet.fail(`${count} vCPUs; APIC IDs are bytes, so the limit is ${MAX_VCPUS}`, cores?.place);
  }
  sheet.set(['platform'], 'kvm');
  const params = config.get('params')?.list() ?? [];
  if (params.length > 0) sheet.set(['cmdline'], params.map((one) => one.text()).join(' '), params[0].place);
  sheet.set(['topology', 'cores'], count, (cores ?? config).place);
  sheet.assume(
    config.get('host-cpu-topology')?.isOn()
      ? 'host-cpu-topology gives vCPUs the APIC IDs of the host CPUs they are pinned to, which are not known; the CPU index is taken'
      : 'the APIC ID is the CPU index',
    ['topology'],
  );
  sheet.set(['extDestId'], false);
  sheet.set(['hpet'], false);
  sheet.assume('there is no HPET and no extended destination ID', ['hpet']);
  describeDevices(config, sheet);
  return sheet.result();
}

function describeDevices(config: SourceValue, sheet: DescriptionBuilder): void {
  for (const [index, disk] of (config.get('block')?.list() ?? []).entries()) {
    const written = disk.get('num-queues') ?? disk.get('num_queues');
    const queues = written?.whole(1, 1024) ?? BLOCK_QUEUES;
    const places = { queues: written?.place, vectors: written?.place };
    const path = sheet.device(
      { name: `block${index}`, driver: 'virtio-blk', queues, vectors: queues + 1 },
      disk.place,
      places,
    );
    if (!written) sheet.assume(`${BLOCK_QUEUES} queues are the default of block`, [...path, 'queues']);
  }
  for (const [index, net] of (config.get('net')?.list() ?? []).entries()) {
    const written = net.get('vq-pairs');
    const pairs = written?.whole(1, 512) ?? 1;
    const places = { queues: written?.place, vectors: written?.place };
    const path = sheet.device(
      { name: `net${index}`, driver: 'virtio-net', queues: pairs, vectors: 2 * pairs + 2 },
      net.place,
      places,
    );
    if (!written) sheet.assume('one queue pair is the default of net', [...path, 'queues']);
  }
  for (const device of config.get('vfio')?.list() ?? []) {
    const path = device.get('path')?.text() ?? 'vfio';
    sheet.assume(`${path} is left out: the host device decides how many queues it has`);
  }
}

export const crosvm: Reader = {
  name: 'crosvm',
  comments: shellComments,
  usesDefines: true,
  recognises(bytes) {
    if (runsProgram(bytes, isProgram)) return true;
    const head = headText(bytes, 256 * 1024);
    return /^\ufeff?\s*\{/.test(head) && /"num-cores"\s*:/.test(head);
  },
  async read({ bytes, file, defines = {} }) {
    const decoded = new TextDecoder().decode(bytes);
    const text = cleanText(decoded.replaceAll('\0', '\n'), file);
    return parsed(text, file, () => {
      if (/^\s*\{/.test(text)) {
        const config = sourceValue(rawInput(readJson(text), text, file), file);
        return [withUnused(describe(config), defines, new Set())];
      }
      const { commands, asked } = commandsIn(decoded, text, defines);
      const runs = runsOf(commands, isProgram);
      if (runs.length === 0) throw new TextError(0, 'no crosvm command is found');
      const place = textPositions(text, file);
      return runs.map((args) =>
        withUnused(describe(sourceValue(readArguments(args, place), file)), defines, asked),
      );
    });
  },
};
