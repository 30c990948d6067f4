/** The stages of a capture: what the machine showed, one after the other, and what was done between them. */
import { cpuInfo } from '../../formats/linux-capture/cpuinfo.ts';
import { type FoundDevice, findDevices } from '../../formats/linux-capture/devices.ts';
import { interruptLines } from '../../formats/linux-capture/interrupts.ts';
import { machineAt, rootsOfOne } from '../../formats/linux-capture/roots.ts';
import { baseName, type Tree, textOf } from '../../formats/linux-capture/tree.ts';
import type { InterruptLine } from '../../formats/proc-interrupts/lines.ts';
import { readTrace, type Trace } from './trace.ts';

/** One stage. */
export interface CaptureStage {
  /** Directory in the capture, "" for a live machine. */
  readonly dir: string;
  readonly name: string;
  readonly tree: Tree;
  readonly devices: readonly FoundDevice[];
  readonly lines: ReadonlyMap<number, InterruptLine>;
  /** CPU number → APIC ID, of online CPUs. */
  readonly apicIds: ReadonlyMap<number, number>;
  readonly trace: Trace;
  /** What offline, online and affinity writes returned since the boot, a line each. */
  readonly log: readonly string[];
}

function stageOf(tree: Tree, dir: string): CaptureStage {
  const inside = machineAt(tree, dir);
  return {
    dir,
    name: baseName(dir),
    tree: inside,
    devices: findDevices(inside),
    lines: interruptLines(inside),
    apicIds: cpuInfo(inside).apicIds,
    trace: readTrace(textOf(inside, 'sys/kernel/tracing/trace') ?? ''),
    log: (textOf(inside, 'extra/events.log') ?? '').split('\n').filter((line) => line !== ''),
  };
}

/** When the stage was taken: by the trace, else by the last line of the kernel log. */
function timeOf({ trace, tree }: CaptureStage): number {
  if (trace.end > 0) return trace.end;
  const stamps = [...(textOf(tree, 'dmesg.txt') ?? '').matchAll(/^\[\s*(\d+\.\d+)\]/gm)];
  return Math.max(0, ...stamps.slice(-50).map((match) => Number(match[1])));
}

/** The stages in the order of time; empty if the tree holds no machine. Throws InputError for several machines. */
export function captureStages(tree: Tree, source: string): CaptureStage[] {
  return rootsOfOne(tree, source)
    .map((dir) => stageOf(tree, dir))
    .map((stage) => ({ stage, time: timeOf(stage) }))
    .sort((a, b) => a.time - b.time)
    .map(({ stage }) => stage);
}
