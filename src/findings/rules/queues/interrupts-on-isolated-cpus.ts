/** Interrupts that go to CPUs which isolcpus= or nohz_full= set apart, although they could go elsewhere. */
import { CpuMask } from '../../../lib/cpumask.ts';
import { shortenList } from '../../../lib/ids.ts';
import type { Simulation } from '../../../linux/sim/simulation.ts';
import { type IsolatedInterrupt, type IsolationFacts, isolationFacts } from '../facts/isolation-facts.ts';
import { domainOf } from '../facts/queue-facts.ts';
import { count, type RawFinding, type Rule } from '../rule.ts';

/** "nic (irq 30, 31 and 2 more)". */
function named(interrupts: readonly IsolatedInterrupt[]): string {
  const devices = [...new Set(interrupts.map(({ device }) => device))];
  const names = devices.map((device) => {
    const own = interrupts.filter((one) => one.device === device);
    const irqs = own.slice(0, 4).map(({ irq }) => irq);
    return `${device} (irq ${irqs.join(', ')}${own.length > 4 ? ` and ${own.length - 4} more` : ''})`;
  });
  return names.length <= 3
    ? names.join(', ')
    : `${names.slice(0, 2).join(', ')} and ${names.length - 2} more devices`;
}

/** "2 ordinary interrupts of nic (irq 30, 31) go to isolated CPUs (1,3)". */
function going(what: string, interrupts: readonly IsolatedInterrupt[], list: string, cpus: CpuMask): string {
  const n = interrupts.length;
  const where = cpus.weight() === 1 ? `isolated CPU ${list}` : `isolated CPUs (${list})`;
  return `${count(n, what)} of ${named(interrupts)} ${n === 1 ? 'goes' : 'go'} to ${where}`;
}

/** `isolcpus=` with the flag that is missing; the CPUs stay apart from what they are apart from. */
function withManagedFlag({ machine }: Simulation, { isolated, all }: IsolationFacts): string {
  const written = machine.cmdline.isolation.filter(({ text }) => text.startsWith('isolcpus='));
  if (written.length !== 1 || !isolated.domain?.equals(all))
    return `isolcpus=managed_irq,${all}${written.length === 0 ? '' : ' besides'}`;
  return `isolcpus=${['managed_irq', ...written[0].flags].join()},${all}`;
}

function about(facts: Simulation, interrupts: readonly IsolatedInterrupt[]) {
  const cpus = CpuMask.of(
    facts.enumeration.nrCpuIds,
    interrupts.map(({ cpu }) => cpu),
  );
  const names = new Set(interrupts.map(({ device }) => device));
  const devices = facts.run.devices.filter(({ name }) => names.has(name));
  return { cpus, devices, path: ['cmdline'], list: shortenList(cpus.toString()) };
}

function ordinary(facts: Simulation, { movable, housekeeping }: IsolationFacts): RawFinding[] {
  const n = movable.length;
  if (n === 0) return [];
  const { list, ...where } = about(facts, movable);
  const more = n === 1 ? '' : ', and so on';
  const free = CpuMask.and(housekeeping, facts.run.online);
  for (const device of where.devices) free.andWith(domainOf(facts, device).reachable);
  const kept = free.toString();
  const fix = [
    `kernel parameters: irqaffinity=${kept}`,
    `echo ${kept} > /proc/irq/${movable[0].irq}/smp_affinity_list${more} (irqsim irqs --movable lists ${n === 1 ? 'it' : 'them'})`,
  ];
  return [
    {
      message: `${going('ordinary interrupt', movable, list, where.cpus)}, and may be moved`,
      cause: ['isolcpus= and nohz_full= say nothing of ordinary interrupts: irqaffinity= does'],
      fix: kept === '' ? ['no housekeeping CPU is online and can be reached: nothing can be moved'] : fix,
      ...where,
    },
  ];
}

function managed(facts: Simulation, found: IsolationFacts): RawFinding[] {
  const n = found.managed.length;
  // With the flag it is queue-stays-on-isolated-cpu that says why.
  if (n === 0 || found.isolated.managed_irq !== undefined) return [];
  const { list, ...where } = about(facts, found.managed);
  return [
    {
      message: `${going('managed interrupt', found.managed, list, where.cpus)} although ${n === 1 ? 'its mask holds' : 'their masks hold'} housekeeping CPUs`,
      cause: ['only isolcpus=managed_irq makes the kernel prefer housekeeping CPUs; users cannot move them'],
      fix: [`kernel parameters: ${withManagedFlag(facts, found)}`],
      ...where,
    },
  ];
}

export const interruptsOnIsolatedCpus: Rule = {
  name: 'interrupts-on-isolated-cpus',
  aliases: [],
  level: 'note',
  summary: 'Interrupts go to isolated CPUs that could go to housekeeping CPUs.',
  explain: [
    'isolcpus=domain and nohz_full= keep tasks and ticks away, not interrupts: an ordinary interrupt goes to the online CPU with most free vectors, isolated or not. Managed interrupts, those of queues that the kernel spreads, keep to housekeeping CPUs of their mask only with isolcpus=managed_irq.',
    'Queues whose mask has no housekeeping CPU are not meant here: they interrupt isolated CPUs only for the I/O of these.',
    'Check: /proc/irq/N/effective_affinity_list, or irqsim irqs, names a CPU of /sys/devices/system/cpu/isolated or nohz_full.',
    'Change: irqaffinity= with the housekeeping CPUs, which holds for interrupts that start later; a write to smp_affinity_list for those that run (irqsim irqs --movable); the flag managed_irq of isolcpus= for queues. irqbalance and tuned may have moved them already.',
  ],
  messages: [],
  check(facts) {
    const found = isolationFacts(facts);
    return found ? [...ordinary(facts, found), ...managed(facts, found)] : [];
  },
};
