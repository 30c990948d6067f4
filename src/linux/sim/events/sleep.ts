/**
 * What takes many CPUs down or up at once: suspend and resume, freeze_secondary_cpus() and
 * thaw_secondary_cpus(), and the SMT control, cpuhp_smt_disable() and cpuhp_smt_enable(); all kernel/cpu.c.
 */

import { EBUSY, ENODEV, EPERM } from '../../../lib/errno.ts';
import { resumeIrqs } from '../../engine/cpuhotplug.ts';
import { drainLog } from '../../engine/irq-life.ts';
import { isPrimaryThread } from '../../model/enumeration.ts';
import { bringUp, inOrder, offline, renewHints } from './hotplug.ts';
import { ACCEPTED, accepted, crashes, type Outcome, refused, type Stage } from './stage.ts';
import { watchInterrupt } from './watch.ts';

const BOOT_CPU = 0;

/**
 * Every online CPU but the boot CPU is taken down, ascending. A refusal ends the suspend and brings back
 * those that are down already. Device interrupts are suspended before, and resumed after it.
 */
export function suspend(stage: Stage): Outcome {
  const { system } = stage;
  if (stage.frozen) return refused(EBUSY, 'the machine sleeps already');
  const frozen: number[] = [];
  const messages: string[] = [];
  stage.frozen = frozen;
  for (const cpu of system.online.toArray()) {
    if (cpu === BOOT_CPU) continue;
    const down = offline(stage, cpu);
    messages.push(...down.messages);
    if (down.crashed) return crashes(stage, `in suspend: ${down.reason}`, messages);
    if (!down.refused) {
      frozen.push(cpu);
      continue;
    }
    messages.push(`Error taking CPU${cpu} down: -${down.errno}`, 'Non-boot CPUs are not disabled');
    const back = resume(stage);
    return refused(down.errno, `suspend is given up: ${down.reason}`, [...messages, ...back.messages]);
  }
  return accepted(messages);
}

/** The CPUs that suspend took down come back, ascending; then device interrupts start again. */
export function resume(stage: Stage): Outcome {
  const { frozen, system } = stage;
  if (!frozen) return ACCEPTED;
  const messages = frozen.flatMap((cpu) => {
    const up = bringUp(stage, cpu);
    return up.refused ? [...up.messages, `Error taking CPU${cpu} up: -${up.errno}`] : up.messages;
  });
  stage.frozen = null;
  for (const d of system.life.shutDown) watchInterrupt(stage, d);
  resumeIrqs(system.life);
  renewHints(stage);
  return accepted([...messages, ...drainLog(system.life)]);
}

/** A write of on or off to /sys/devices/system/cpu/smt/control; the first CPU that is refused ends it. */
export function setSmt(stage: Stage, on: boolean): Outcome {
  const { online, enumeration, machine } = stage.system;
  if (machine.smtShift === 0) return refused(ENODEV, 'the machine has one thread per core');
  if (machine.cmdline.smt === 'force-off') return refused(EPERM, 'nosmt=force switches SMT off for good');
  if (stage.smtOff !== on) return ACCEPTED;
  if (on) {
    stage.smtOff = false;
    const absentees = enumeration.present.toArray().filter((cpu) => !online.test(cpu));
    return inOrder(absentees, (cpu) => (coreRuns(stage, cpu) ? bringUp(stage, cpu) : ACCEPTED));
  }
  const threads = online.toArray().filter((cpu) => !isPrimaryThread(machine, enumeration.cpus[cpu]));
  const outcome = inOrder(threads, (cpu) => offline(stage, cpu));
  stage.smtOff = !outcome.refused;
  return outcome;
}

/** Newer kernels leave cores alone whose first thread was taken offline by itself. */
function coreRuns({ system }: Stage, cpu: number): boolean {
  if (!system.machine.kernel.has('smt-on-skips-offline-cores')) return true;
  const core = system.coreOf[cpu];
  return system.online.test(core);
}
