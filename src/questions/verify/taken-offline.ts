/** CPUs that were taken offline before the first stage: the model takes them offline too, and says what that leaves open. */
import { kernelLog } from '../../formats/linux-capture/kernel-log.ts';
import { nameOf, offlineCpus } from '../../formats/linux-capture/offline.ts';
import { offline } from '../../linux/sim/events/hotplug.ts';
import type { Replay } from './replay.ts';
import type { CaptureStage } from './stage.ts';
import type { Counter } from './tally.ts';

/**
 * Plays it. Which CPUs these are is taken from the machine; so that they ran before is compared with nothing, unless
 * the kernel log says it. A CPU that nothing explains may as well be one that the model starts wrongly.
 */
export function playTakenOffline(replay: Replay, { name, tree }: CaptureStage, counter: Counter): void {
  const { system, stage } = replay;
  const taken = offlineCpus(tree, kernelLog(tree)).filter(({ cpu }) => system.online.test(cpu));
  if (taken.length === 0) return;
  for (const { cpu } of taken) offline(stage, cpu);
  replay.inexact ??= 'CPUs were taken offline before the capture, and nothing tells when';
  const bySmt = taken.filter(({ proof }) => proof === 'SMT control');
  const unexplained = taken.filter(({ proof }) => proof === null);
  if (bySmt.length > 0) counter.skip(name, 'online CPUs', `SMT control keeps ${nameOf(bySmt)} offline`);
  if (unexplained.length === 0) return;
  const why = `nothing tells why ${nameOf(unexplained)} ${unexplained.length === 1 ? 'does' : 'do'} not run`;
  counter.skip(name, 'online CPUs', why);
  counter.unknown(why);
}
