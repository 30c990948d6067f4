/** `irqsim init`: a commented machine description to begin with. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { grouped, LIMITS } from '../../machine/limits.ts';
import { PLATFORMS, type Platform } from '../../machine/machine.ts';
import type { Shape } from '../../report/template/template-platforms.ts';
import { EXIT, type Io, oneLine } from '../io.ts';
import { withOutput } from '../options/output-option.ts';
import { namedFile } from '../output/named-file.ts';
import type { DefineCommand } from './command.ts';

interface InitOptions {
  readonly platform: Platform;
  readonly cpus?: number;
  readonly topology?: Shape;
  readonly output?: string;
  readonly force?: boolean;
  readonly config?: boolean;
}

const HELP = `
The description contains every key: those that matter on the platform with their values, the others as comments
with their defaults. It can be analysed as it is. An existing FILE is not overwritten without --force.

Examples:
  irqsim init --platform kvm -o machine.yaml && irqsim analyze machine.yaml
  irqsim init --platform kvm --topology 48x5x1     sockets x cores x threads
  irqsim init --cpus 128 | irqsim analyze -
  irqsim init --config -o .irqsim.yaml             levels and suppressions of findings, for a folder

Exit codes: 0 written; 2 bad usage, or the file exists.`;

function refuseTooMany(cpus: number): void {
  if (cpus > LIMITS.cpus) throw new InvalidArgumentError(`The limit is ${grouped(LIMITS.cpus)} CPUs.`);
}

function cpuCount(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) {
    refuseTooMany(Number(text));
    return Number(text);
  }
  throw new InvalidArgumentError('A number of CPUs such as 16 is expected.');
}

function shape(text: string): Shape {
  const match = /^([1-9]\d{0,5})x([1-9]\d{0,5})x([1-9]\d{0,5})$/i.exec(text);
  if (!match) throw new InvalidArgumentError('SOCKETSxCORESxTHREADS such as 2x16x2 is expected.');
  const [sockets, cores, threads] = match.slice(1).map(Number);
  refuseTooMany(sockets * cores * threads);
  return { sockets, cores, threads };
}

async function machineText({ platform, cpus, topology }: InitOptions): Promise<string> {
  const { machineTemplate, shapeOf } = await import('../../report/template/template.ts');
  const asked = cpus === undefined ? undefined : shapeOf(platform, cpus);
  return machineTemplate({ platform, shape: topology ?? asked });
}

async function configText(): Promise<string> {
  const [{ projectTemplate }, { projectJsonSchema }] = await Promise.all([
    import('../../report/template/template-project.ts'),
    import('../project/project-file.ts'),
  ]);
  return projectTemplate(projectJsonSchema());
}

async function init(options: InitOptions, io: Io): Promise<void> {
  const { force, config } = options;
  const output = namedFile(options.output);
  const text = await (config ? configText() : machineText(options));
  if (output === undefined) return io.out(text);
  const { writeNewFile } = await import('../output/write-file.ts');
  writeNewFile(output, text, force === true);
  io.note(
    oneLine(config ? `${output} is written` : `${output} is written; irqsim analyze ${output} reports on it`),
  );
}

export const initCommand: DefineCommand = (io, done) =>
  withOutput(new Command('init'), 'write there instead of to standard output')
    .description('Writes a machine description for a platform, with every key explained.')
    .addOption(
      new Option('--platform <name>', 'what the kernel runs on').choices(PLATFORMS).default('bare-metal'),
    )
    .addOption(new Option('--cpus <count>', 'number of CPUs').argParser(cpuCount))
    .addOption(
      new Option('--topology <shape>', 'SOCKETSxCORESxTHREADS, e.g. 2x16x2')
        .argParser(shape)
        .conflicts('cpus'),
    )
    .addOption(
      new Option('--config', 'a project file (.irqsim.yaml) instead').conflicts([
        'platform',
        'cpus',
        'topology',
      ]),
    )
    .addOption(new Option('--force', 'overwrite the file if it exists'))
    .addHelpText('after', HELP)
    .action(async (options: InitOptions) => {
      await init(options, io);
      done(EXIT.clean);
    });
