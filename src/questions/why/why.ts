/** Finds the subject of a question and answers it, or says what there is instead. */
import type { Analysis } from '../../findings/analyze.ts';
import type { DeviceRun } from '../../linux/sim/run.ts';
import { suggestion } from '../../machine/did-you-mean.ts';
import { functionsNamedIn } from '../../machine/function-names.ts';
import type { Why } from './chain.ts';
import { whyCpu, whyIgnored } from './cpu.ts';
import { whyDevice } from './device.ts';
import { whyQueue } from './queue.ts';

export const SUBJECTS = ['cpu', 'apic', 'queue', 'device'] as const;
export type SubjectKind = (typeof SUBJECTS)[number];

/** The answer, or why there is none: names the valid range or the nearest name. */
export type Asked = { readonly why: Why } | { readonly problem: string };

function wholeNumber(text: string): number | null {
  return /^(?:0x[0-9a-f]{1,8}|\d{1,10})$/i.test(text) ? Number(text) : null;
}

function askCpu(analysis: Analysis, text: string): Asked {
  const cpu = wholeNumber(text);
  const last = analysis.enumeration.nrCpuIds - 1;
  if (cpu === null || cpu > last) {
    return {
      problem: `there is no CPU ${text}; the possible CPUs are ${last === 0 ? '0 only' : `0-${last}`}`,
    };
  }
  return { why: whyCpu(analysis, cpu) };
}

function askApic(analysis: Analysis, text: string): Asked {
  const { cpus, ignored } = analysis.enumeration;
  const wanted = wholeNumber(text);
  if (wanted === null) return { problem: `"${text}" is not an APIC ID; write a number such as 291 or 0x123` };
  const known =
    cpus.find(({ apicId }) => apicId === wanted) ?? cpus.find((cpu) => cpu.predictedApicId === wanted);
  if (known) return { why: whyCpu(analysis, known.cpu) };
  const refused = ignored.find(({ apicId }) => apicId === wanted);
  if (refused) return { why: whyIgnored(analysis, refused) };
  const ids = [...cpus, ...ignored].map(({ apicId }) => apicId).filter((id) => id !== null);
  const near = ids.reduce(
    (best, id) => (Math.abs(id - wanted) < Math.abs(best - wanted) ? id : best),
    ids[0] ?? 0,
  );
  const highest = ids.reduce((max, id) => Math.max(max, id), 0);
  return {
    problem: `no CPU has APIC ID ${wanted}; they go up to ${highest}, the nearest is ${near} (0x${near.toString(16)})`,
  };
}

function findDevice({ run }: Analysis, name: string): DeviceRun | string {
  const found = run.devices.find((device) => device.name === name);
  if (found) return found;
  if (run.devices.length === 0) return `there is no device "${name}": none is described`;
  const names = run.devices.map((device) => device.name);
  // A long list helps nobody.
  const near = suggestion(name, names, 'devices');
  const few = `; known devices: ${names.slice(0, 6).join(', ')} and ${names.length - 6} more`;
  return `there is no device "${name}"${names.length > 8 && near.startsWith(';') ? few : near}`;
}

function askQueue(analysis: Analysis, text: string): Asked {
  const at = text.lastIndexOf(':');
  if (at < 1) return { problem: `"${text}" is not a queue; write DEVICE:INDEX such as nvme0:7` };
  const device = findDevice(analysis, text.slice(0, at));
  if (typeof device === 'string') return { problem: device };
  const index = wholeNumber(text.slice(at + 1));
  const queue = device.queues.find((one) => one.index === index);
  if (queue) return { why: whyQueue(analysis, device, queue) };
  const last = device.queues.length - 1;
  const range = last < 0 ? 'has no queues' : last === 0 ? 'has queue 0 only' : `has queues 0-${last}`;
  return { problem: `there is no queue ${text}; ${device.name} ${range}` };
}

function ask(analysis: Analysis, kind: SubjectKind, id: string): Asked {
  switch (kind) {
    case 'cpu':
      return askCpu(analysis, id);
    case 'apic':
      return askApic(analysis, id);
    case 'queue':
      return askQueue(analysis, id);
    case 'device': {
      const device = findDevice(analysis, id);
      return typeof device === 'string' ? { problem: device } : { why: whyDevice(analysis, device) };
    }
  }
}

/** Answers "why is CPU 300, APIC ID 0x123, queue nvme0:7 or device nvme0 as it is". */
export function askWhy(analysis: Analysis, kind: SubjectKind, id: string): Asked {
  const asked = ask(analysis, kind, id);
  if ('problem' in asked) return asked;
  const { kernel } = analysis.machine;
  const steps = asked.why.steps.map((step) =>
    step.by === undefined ? step : { ...step, by: functionsNamedIn(kernel, step.by) },
  );
  return { why: { ...asked.why, steps } };
}
