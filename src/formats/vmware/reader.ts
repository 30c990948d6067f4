/** VMware: the .vmx file of a virtual machine. Its hypervisor offers no extended destination ID. */

import { lookup } from '../../lib/lookup.ts';
import { LIMITS } from '../../machine/limits.ts';
import { excerpt, type Location } from '../../machine/locate.ts';
import type { MayHold } from '../../machine/not-understood.ts';
import { wholeLineComments } from '../comments/line-comments.ts';
import { type DescriptionBuilder, describedBy } from '../description-builder.ts';
import type { Fact } from '../qemu/facts.ts';
import type { Place } from '../qemu/option.ts';
import { wholeNumber } from '../qemu/props.ts';
import type { Reader, ReadResult } from '../reader.ts';
import { headText } from '../text/head.ts';
import { cleanText, parsed, TextError, textPositions } from '../text/text.ts';

/** Settings by lower-case key: VMware compares keys without case. */
type Config = ReadonlyMap<string, Fact<string> & { readonly at: Location }>;

const LINE = /^\s*([\w.:-]+)\s*=\s*"(.*)"\s*$/;

/** Keys that may hold a device or CPUs, and that are read below or named. */
const DEVICE =
  /^(?:ethernet|scsi|nvme|sata|pcipassthru|svga|vmci|sound|usb_xhci|ahci)\d*\.(?:virtualdev|present)$/;

/** Network adapters and controllers that interrupt by message, with what is known of their vectors. */
const MODELS = {
  vmxnet3: { vectors: 25, because: 'vmxnet3 offers up to 25 vectors; the driver takes what the vCPUs need' },
  pvscsi: { vectors: 1, because: 'pvscsi has one vector' },
  e1000e: { vectors: 5, because: 'e1000e offers 5 vectors' },
  e1000: null,
  vlance: null,
  lsilogic: null,
  lsisas1068: { vectors: 1, because: 'the SAS controller has one vector' },
  buslogic: null,
} as const satisfies Readonly<Record<string, { vectors: number; because: string } | null>>;

function readVmx(text: string, place: Place): Config {
  const config = new Map<string, Fact<string> & { at: Location }>();
  let offset = 0;
  for (const line of text.split('\n')) {
    const match = LINE.exec(line);
    const key = match?.[1].toLowerCase() ?? '';
    const first = config.get(key);
    // VMware refuses such a file: which of both values was meant nobody knows.
    if (first) throw new TextError(offset, `${key} is written twice, first on line ${first.at.line}`);
    if (match) config.set(key, { value: match[2], at: place(offset) });
    else if (!/^\s*(?:[#!].*)?$/.test(line))
      throw new TextError(offset, 'expected a line such as numvcpus = "4"');
    offset += line.length + 1;
  }
  return config;
}

/** Keys that say nothing of CPUs and interrupts, by how they begin. */
const IDLE =
  /^(?:\.encoding|config\.version|virtualhw\..*|displayname|annotation|guestinfo\..*|guestos.*|memsize|mem\..*|memtrimrate|sched\.(?:mem|swap|scsi|disk|cpu|node).*|uuid\..*|vc\.uuid|extendedconfigfile|nvram|firmware|uefi\..*|bios\..*|efi\..*|tools\..*|toolscripts\..*|isolation\..*|snapshot\..*|checkpoint\..*|powertype\..*|floppy\d.*|ide\d.*|serial\d.*|parallel\d.*|usb(?::\d+)?\..*|ehci.*|sound\..*|mks\..*|remotedisplay\..*|migrate\..*|log\..*|logging|keepalive|replay\..*|gui\..*|cleanshutdown|softpoweroff|vmotion\..*|monitor\.(?:phys_bits.*|virtual_.*|suspend.*)|vhv\.enable|vpmc\.enable|svga\..*|sharedfolder.*|hgfs\..*|unity\..*|disk\..*|mainmem\..*|numvcpus|cpuid\.corespersocket|vcpu\.hotadd|vvtd\.enable|hpet0\.present|hypervisor\.cpuid\.v0|pcibridge\d+\..*|vmci0\..*|rtc\..*|time\..*|tpm\..*|vtpm\..*|encryption\..*|cryptostate|numa\.(?:autosize|nodeaffinity|mem).*|managedvm\..*|policy\..*|digest\..*|workingdir|scsi\d+\.sasaddress|answer\..*|msg\..*|vmxstats\..*|viv\..*|vmx\..*|debug.*|inventory\..*|proxyapps\..*|priority\..*|fileSearchPath|sata\d+:\d+\..*|nvme\d+:\d+\..*|scsi\d+:\d+\..*|ethernet\d+\.(?!virtualdev|present).*|(?:nvme|scsi|sata|pcipassthru|usb_xhci|ahci|vmci|hdaudio)\d*[.:](?:pcislotnumber|id|devicename|vendorid|deviceid|systemid|unlockable|cfgopts?|allowp2p|sharedbus|port.*|devicetype))$/i;

/** Keys that may be about CPUs and interrupts, though irqsim does not know them. */
const ABOUT =
  /^(?:numvcpu|cpuid|numa|apic|x2apic|monitor|hypervisor|chipset|vcpu|hpet|vvtd|iommu|intr|pci|smp|processor)/;

/** Names the keys that are not known; a device that is present is always one. */
function nameUnread(config: Config, sheet: DescriptionBuilder): void {
  for (const [key, { value, at }] of config) {
    if (IDLE.test(key) || DEVICE.test(key)) continue;
    const isDevice = key.endsWith('.present');
    if (isDevice && !isTrue({ value, at })) continue;
    const mayHold: readonly MayHold[] = isDevice
      ? ['devices']
      : ABOUT.test(key)
        ? ['CPUs', 'the irqchip']
        : [];
    sheet.notUnderstood(`${key} = ${excerpt(value)}`, at, mayHold);
  }
}

/** Devices with few vectors that no setting describes further. */
const LEFT_OUT = /^(?:sata|ahci|usb_xhci|vmci|sound|svga)\d*$/;

const isTrue = (fact: Fact<string> | undefined): boolean => /^true$/i.test(fact?.value ?? '');

function describeCpus(config: Config, sheet: DescriptionBuilder): void {
  const written = config.get('numvcpus');
  const vcpus = written ? wholeNumber(written, 'numvcpus') : 1;
  if (vcpus < 1 || vcpus > LIMITS.cpus) throw new TextError(0, `numvcpus: ${vcpus} vCPUs are not possible`);
  if (!written) sheet.assume('without numvcpus a machine has one vCPU', ['topology']);
  const perSocket = config.get('cpuid.corespersocket');
  const cores = perSocket ? wholeNumber(perSocket, 'cpuid.coresPerSocket') : 1;
  if (!perSocket)
    sheet.assume('without cpuid.coresPerSocket every vCPU is a socket of its own', ['topology']);
  if (cores < 1 || vcpus % cores !== 0) {
    sheet.fail(
      `The number of virtual CPUs (${vcpus}) is no multiple of the cores per socket (${cores})`,
      perSocket?.at,
    );
  }
  const whole = cores >= 1 && vcpus % cores === 0;
  sheet.set(['topology', 'sockets'], whole ? vcpus / cores : vcpus, written?.at);
  sheet.set(['topology', 'cores'], whole ? cores : 1, perSocket?.at);
  const hotAdd = config.get('vcpu.hotadd');
  if (isTrue(hotAdd)) {
    sheet.notUnderstood(
      'vcpu.hotadd = "TRUE" (how many free slots the firmware lists is not known)',
      hotAdd?.at,
      ['CPUs'],
    );
  }
}

function describeDevices(config: Config, sheet: DescriptionBuilder): void {
  for (const [key, { value, at }] of config) {
    if (!DEVICE.test(key)) continue;
    const [name, property] = key.split('.');
    const present = config.get(`${name}.present`);
    if (present && !isTrue(present)) continue;
    if (name.startsWith('nvme') && property === 'present') {
      sheet.device({ name, driver: 'nvme' }, at);
      sheet.assume('the virtual NVMe controller offers the queues that Linux asks for, one a possible CPU');
    } else if (name.startsWith('pcipassthru') && property === 'present') {
      sheet.notUnderstood(`${name} (a host device, which decides how many queues it has)`, at, ['devices']);
    } else if (property === 'virtualdev') describeModel(name, value, at, sheet);
    else if (property === 'present' && LEFT_OUT.test(name)) {
      sheet.assume(`${name} is left out: a few vectors at most, not measured`);
    } else if (!config.has(`${name}.virtualdev`)) {
      sheet.assume(`${name} without virtualDev is an adapter of the oldest kind, without message interrupts`);
    }
  }
}

function describeModel(name: string, model: string, at: Location, sheet: DescriptionBuilder): void {
  const known = lookup(MODELS, model.toLowerCase());
  if (known === undefined) sheet.notUnderstood(`${name}.virtualDev = "${model}"`, at, ['devices']);
  if (!known) return;
  sheet.device({ name, driver: 'generic', vectors: known.vectors }, at);
  sheet.assume(known.because);
}

function describe(config: Config): ReadResult {
  const sheet = describedBy('VMware');
  const name = config.get('displayname');
  if (name) sheet.set(['name'], name.value, name.at);
  const hidden = config.get('hypervisor.cpuid.v0');
  const isHidden = hidden !== undefined && !isTrue(hidden);
  sheet.set(['platform'], isHidden ? 'bare-metal' : 'vmware', hidden?.at);
  describeCpus(config, sheet);
  const iommu = config.get('vvtd.enable');
  sheet.set(['remapping', 'enabled'], isTrue(iommu), iommu?.at);
  if (isTrue(iommu))
    sheet.assume('vvtd.enable adds a virtual IOMMU with 32-bit interrupt destinations', ['remapping']);
  sheet.set(['extDestId'], false);
  sheet.assume('there is no extended destination ID', ['extDestId']);
  const hpet = config.get('hpet0.present');
  sheet.set(['hpet'], hpet ? isTrue(hpet) : true, hpet?.at);
  const os = config.get('guestos');
  if (os && /^(?:win|darwin|freebsd|solaris|other(?:-64)?$)/i.test(os.value)) {
    if (!/^other/i.test(os.value)) sheet.set(['guestOs'], os.value, os.at);
  }
  describeDevices(config, sheet);
  nameUnread(config, sheet);
  return sheet.result();
}

export const vmware: Reader = {
  name: 'vmware',
  comments: wholeLineComments,
  recognises(bytes) {
    const head = headText(bytes, 64 * 1024);
    return /^\s*(?:virtualHW\.version|config\.version)\s*=\s*"/im.test(head);
  },
  async read({ bytes, file }) {
    const text = cleanText(new TextDecoder().decode(bytes), file);
    return [await parsed(text, file, () => describe(readVmx(text, textPositions(text, file))))];
  },
};
