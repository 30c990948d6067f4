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

const go = (n: number) => (n === 1 ? 'goes' : 'go');

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
  const free = CpuMask.and(housekeeping, facts.run.online);
  for (const device of where.devices) free.andWith(domainOf(facts, device).reachable);
  const kept = free.toString();
  const fix = [
    `kernel parameters: irqaffinity=${kept}`,
    `echo ${kept} > /proc/irq/${movable[0].irq}/smp_affinity_list, and so on (irqsim irqs --movable lists them)`,
  ];
  return [
    {
      message: `${count(n, 'ordinary interrupt')} of ${named(movable)} ${go(n)} to isolated CPUs (${list}), and may be moved`,
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
      message: `${count(n, 'managed interrupt')} of ${named(found.managed)} ${go(n)} to isolated CPUs (${list}) although the masks hold housekeeping CPUs`,
      cause: ['only isolcpus=managed_irq makes the kernel prefer housekeeping CPUs; users cannot move them'],
      fix: [`kernel parameters: isolcpus=managed_irq,domain,${found.all}`],
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
