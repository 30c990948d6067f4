/** What a machine has that can be asked about, by the names that `why` takes: what a shell completes. */
import { analyze } from '../../findings/analyze.ts';
import type { Machine } from '../../machine/machine.ts';
import type { SubjectKind } from './why.ts';

/** CPUs of a machine that is looked into while somebody waits at a prompt. */
const CPUS_MAX = 1024;

/** The names of all subjects of a kind, in the order of the report; none of a machine that takes long. */
export function subjectsOf(machine: Machine, kind: SubjectKind): readonly string[] {
  if (machine.cpus.length > CPUS_MAX) return [];
  const { enumeration, run } = analyze(machine);
  const names: Readonly<Record<SubjectKind, () => readonly string[]>> = {
    cpu: () => Array.from({ length: enumeration.nrCpuIds }, (_, cpu) => String(cpu)),
    apic: () => enumeration.cpus.flatMap(({ apicId }) => (apicId === null ? [] : [String(apicId)])),
    device: () => run.devices.map(({ name }) => name),
    queue: () => run.devices.flatMap(({ name, queues }) => queues.map(({ index }) => `${name}:${index}`)),
  };
  return names[kind]();
}
