/** `irqsim replay`: what happens to CPUs and queues, event by event. */
import { Command, Option } from 'commander';
import type { ReplayFormat } from '../../report/replay/index.ts';
import { colourLevel, type Io } from '../io.ts';
import {
  failOnOption,
  type MachineOptions,
  readingOf,
  reportWidth,
  withMachineOptions,
} from '../options/machine-options.ts';
import { type OutputOption, reporting, withOutput } from '../options/output-option.ts';
import { VERSION } from '../version.ts';
import type { DefineCommand } from './command.ts';

interface ReplayOptions extends MachineOptions, OutputOption {
  readonly format: ReplayFormat;
  readonly failOn: 'error' | 'warning' | 'note' | 'never';
  readonly verbose?: boolean;
}

const HELP = `
The events of the description happen in order, then those of --event:
  online=CPUS  offline=CPUS  unplug=CPUS     a CPU or a list such as 1-3,8
  plug=APICID  plug=APICID@NODE              a CPU is plugged in; online= then brings it online
  suspend  resume                            all CPUs but the boot CPU go offline and come back
  smt=off  smt=on                            /sys/devices/system/cpu/smt/control
  set-affinity=INTERRUPT=CPUS                the user writes smp_affinity
  fire=INTERRUPT                             the interrupt arrives, and a pending move is made
  reprobe=DEVICE                             the device is removed and probed again
INTERRUPT is DEVICE:QUEUE (nvme0:3), DEVICE:vVECTOR (nvme0:v0) or an interrupt number.

Examples:
  irqsim replay --event offline=1-3 --event online=1-3 machine.yaml
  irqsim replay --event suspend --event resume laptop.yaml
  irqsim replay --event plug=300@1 --event online=8 --event reprobe=nvme0 guest.yaml
  irqsim replay --format ndjson machine.yaml | jq -c 'select(.result == "refused")'
  irqsim replay --format markdown machine.yaml >> "$GITHUB_STEP_SUMMARY"

Exit codes: 0 nothing at or above --fail-on at the end, 1 findings, 2 bad usage or input.`;

async function replay(input: string, options: ReplayOptions, io: Io): Promise<number> {
  const [{ judge }, { REPLAYS }, { readMachine }, { settingsOf }, { exitCodeOf }] = await Promise.all([
    import('../../findings/triage/judge.ts'),
    import('../../report/replay/index.ts'),
    import('../input/input.ts'),
    import('../project/settings.ts'),
    import('../verdict.ts'),
  ]);
  const report = await REPLAYS[options.format]();
  const settings = settingsOf(options, io);
  const machine = await readMachine(input, readingOf(options));
  const analysis = judge(machine, settings);
  io.out(
    report(analysis, {
      version: VERSION,
      vectors: false,
      verbose: options.verbose === true,
      width: reportWidth(options, io),
      colour: colourLevel(io),
      quiet: io.quiet === true,
    }),
  );
  return exitCodeOf(analysis, options.failOn);
}

export const replayCommand: DefineCommand = (io, done) =>
  withOutput(withMachineOptions(new Command('replay')))
    .description('Plays the events of a description: what each one changes, and when queues stop and start.')
    .argument('<input>', 'a machine description, or - for standard input')
    .addOption(
      new Option('--format <name>', 'form of the report')
        .choices(['text', 'json', 'ndjson', 'markdown', 'html'])
        .default('text'),
    )
    .addOption(failOnOption())
    .option('-v, --verbose', 'text, markdown: every event, every change, every row')
    .addHelpText('after', HELP)
    .action(async (input: string, options: ReplayOptions) => {
      done(await reporting(options, [input], io, (to) => replay(input, options, to)));
    });
