import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Cmdline, type IsolationFlag, parseCmdline } from '../../src/machine/cmdline.ts';
import { runs } from '../budget.ts';

const NOTHING = parseCmdline('');

/** What differs from an empty command line. */
function changes(text: string): Partial<Cmdline> {
  const parsed = Object.entries(parseCmdline(text)).filter(
    ([key, value]) =>
      key !== 'text' && JSON.stringify(value) !== JSON.stringify(NOTHING[key as keyof Cmdline]),
  );
  return Object.fromEntries(parsed);
}

/** One parameter that isolates CPUs, and how it is read. */
function isolating(text: string, flags: IsolationFlag[], list: string): [string, Partial<Cmdline>] {
  return [text, { isolation: [{ text, flags, list }] }];
}

test.each<[string, Partial<Cmdline>]>([
  ['', {}],
  ['nr_cpus=400 hpet=disable', { nrCpus: 400, hpetDisable: true }],
  ['nr-cpus=8 nr_cpus=16', { nrCpus: 8 }],
  ['nr_cpus=0x10', { nrCpus: 16 }],
  ['nr_cpus=010', { nrCpus: 8 }],
  ['nr_cpus=4abc', { nrCpus: 4 }],
  ['nr_cpus=abc', { notModelled: ['nr_cpus=abc (not a number)'] }],
  ['nr_cpus', { notModelled: ['nr_cpus (not a number)'] }],
  ['nr_cpus=0', { notModelled: ['nr_cpus=0 (not above 0)'] }],
  ['possible_cpus=8 possible_cpus=12', { possibleCpus: 12 }],
  ['maxcpus=4', { maxCpus: 4 }],
  ['maxcpus=0', { maxCpus: 0 }],
  ['maxcpus=all', { maxCpus: 0 }],
  ['maxcpus=', { notModelled: ['maxcpus= (not a number)'] }],
  ['nosmp', { maxCpus: 0 }],
  ['nosmp maxcpus=2', { maxCpus: 2 }],
  ['nolapic', { nolapic: true }],
  ['disableapic', { disableapic: true }],
  ['noapic', { noapic: true }],
  ['nox2apic x2apic_phys', { nox2apic: true, x2apicPhys: true }],
  ['intremap=off', { intremapOff: true }],
  ['nointremap', { intremapOff: true }],
  ['intremap=off intremap=on', {}],
  ['intremap=no_x2apic_optout,nosid', { noX2apicOptout: true }],
  ['intremap=nosid', { notModelled: ['intremap=nosid'] }],
  ['amd_iommu=off intel_iommu=off', { amdIommuOff: true, intelIommuOff: true }],
  ['intel_iommu=on,sm_on', {}],
  ['intel_iommu=sm_on', { notModelled: ['intel_iommu=sm_on'] }],
  ['nopv xen_nopv', { nopv: true, xenNopv: true }],
  ['nohpet', { hpetDisable: true }],
  ['hpet=force', { notModelled: ['hpet=force'] }],
  ['pci=nomsi,noaer', { noMsi: true }],
  ['pci=noaer', { notModelled: ['pci=noaer'] }],
  ['irqaffinity=0-3,8', { irqaffinity: '0-3,8' }],
  ['crashkernel=512M', { crashkernel: true }],
  ['crashkernel=auto', { crashkernel: true }],
  ['crashkernel=2G-64G:256M,64G-:512M', { crashkernel: true }],
  ['crashkernel=0M', {}],
  ['crashkernel', { notModelled: ['crashkernel (not a size)'] }],
  ['nolapic_timer', { noLapicTimer: true }],
  ['noapictimer', { noLapicTimer: true }],
  ['cpuhp.parallel=0', { serialBringUp: true }],
  ['cpuhp.parallel=off', { serialBringUp: true }],
  ['cpuhp.parallel=1', {}],
  ['irqaffinity=0-9:2/4', { irqaffinity: '0-9:2/4' }],
  ['irqaffinity=0-9:5/4', { notModelled: ['irqaffinity=0-9:5/4 (not a CPU list)'] }],
  ['irqaffinity=6-N', { irqaffinity: '6-N' }],
  ['irqaffinity=x', { notModelled: ['irqaffinity=x (not a CPU list)'] }],
  ['irqaffinity=0 irqaffinity=all', { irqaffinity: 'all' }],
  isolating('isolcpus=managed_irq,domain,2-5', ['domain', 'managed_irq'], '2-5'),
  isolating('isolcpus=domain,managed_irq,2-5,7', ['domain', 'managed_irq'], '2-5,7'),
  isolating('isolcpus=2-5', ['domain'], '2-5'),
  isolating('isolcpus=nohz,domain,2-5', ['nohz', 'domain'], '2-5'),
  isolating('isolcpus=new_word,2-N', ['domain'], '2-N'),
  isolating('isolcpus=managed_irq', ['managed_irq'], ''),
  isolating('nohz_full=all', ['nohz'], 'all'),
  ['isolcpus=managed_irq,2-x', { notModelled: ['isolcpus=managed_irq,2-x (not a CPU list)'] }],
  ['isolcpus=managed-irq,2', { notModelled: ['isolcpus=managed-irq,2 (not a flag)'] }],
  ['nosmt', { smt: 'off' }],
  ['nosmt=force nosmt', { smt: 'force-off' }],
  ['mitigations=auto,nosmt', { smt: 'off' }],
  ['mitigations=auto,nosmt;no_guest_host', { smt: 'off' }],
  ['mitigations=nosmt', { notModelled: ['mitigations=nosmt'] }],
  ['mitigations=off,nosmt', { notModelled: ['mitigations=off,nosmt'] }],
  ['nosmt=on', { notModelled: ['nosmt=on'] }],
  ['cpu0_hotplug', { cpu0Hotplug: true }],
  ['virtio_blk.poll_queues=2', { virtioBlkPollQueues: 2 }],
  ['no_x2apic_optout', { notModelled: ['no_x2apic_optout'] }],
  ['ia32_emulation=0', { ia32Off: true }],
  ['ia32_emulation=off ia32_emulation=on', {}],
  ['disable_cpu_apicid=0x20', { disableCpuApicid: 32 }],
  ['nvme.write_queues=4 nvme.poll-queues=2', { nvmeWriteQueues: 4, nvmePollQueues: 2 }],
  ['nvme.write_queues=4x', { notModelled: ['nvme.write_queues=4x (not a number)'] }],
  ['quiet root=/dev/sda1 nr_cpus=2', { nrCpus: 2, notModelled: ['quiet', 'root=/dev/sda1'] }],
  ['dyndbg="file a.c +p nr_cpus=3" nosmp', { maxCpus: 0, notModelled: ['dyndbg="file a.c +p nr_cpus=3"'] }],
  ['nr_cpus="6" "maxcpus=3"', { nrCpus: 6, maxCpus: 3 }],
  ['nr_cpus=2 -- nosmp', { nrCpus: 2 }],
  ['  nr_cpus=2\n', { nrCpus: 2 }],
  ['constructor __proto__=1', { notModelled: ['constructor', '__proto__=1'] }],
  ['pci=constructor', { notModelled: ['pci=constructor'] }],
])('%j', (text, expected) => {
  expect(changes(text)).toEqual(expected);
});

test('any text is read', () => {
  const word = fc.constantFrom(
    'nr_cpus',
    'isolcpus',
    'irqaffinity',
    'hpet',
    '=',
    '"',
    ' ',
    ',',
    '-',
    '0',
    '9:/',
    '0-3',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(word).map((words) => words.join('')),
      ),
      (text) => {
        expect(parseCmdline(text).text).toBe(text);
      },
    ),
    { numRuns: runs(2000) },
  );
});
