/** `irqsim prove`: what holds whatever CPUs go or come, or the smallest counterexample. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { type AskedProperty, PROPERTY_FACTS, parseProperty } from '../../machine/property-names.ts';
import { DOCUMENT_FORMATS } from '../../report/document/formats.ts';
import { withReadOptions } from '../options/machine-options.ts';
import { reporting, withOutput } from '../options/output-option.ts';
import type { ProveCommandOptions } from '../tasks/prove.ts';
import type { DefineCommand } from './command.ts';

const width = Math.max(...Object.keys(PROPERTY_FACTS).map(({ length }) => length));
const PROPERTY_LIST = Object.entries(PROPERTY_FACTS)
  .map(([name, { means }]) => `  ${name.padEnd(width)}  ${means}`)
  .join('\n');

const HELP = `
Properties (all, if none is named):
${PROPERTY_LIST}

A property holds for every set of the CPUs that may go offline, in every order, by a closed form or because each set
was tried; or it fails, with a smallest counterexample that replay plays; or it is unknown, with what is not covered.
Nothing that was only sampled is called proved. The boot CPU stays online where the kernel never takes it offline.

Without a number (max), "holds" names the largest number of CPUs for which the property holds, "any 3 of 15 CPUs", and
"one more" shows a set that breaks it; the exit code is 0. Give a number to fail where fewer CPUs may go offline.

Examples:
  irqsim prove guest.yaml                                     how many CPUs may go, property by property
  irqsim prove --offline-at-most 2 --property no-queue-stops,offline-accepted guest.yaml
  irqsim prove --among 8-15 --property "every-device-works 4" guest.yaml
  irqsim prove --policy all --property no-io-hangs,every-device-works --plug any guest.yaml
  irqsim prove --format json guest.yaml | jq '.answers[] | select(.answer == "fails").counterexample'

Exit codes: 0 all hold, 1 some property fails, or is unknown (--unknown pass: these do not count), 2 bad usage or input.`;

function addProperties(text: string, earlier: readonly AskedProperty[]): AskedProperty[] {
  const asked = text.split(',').map((one) => {
    const property = parseProperty(one);
    if (typeof property === 'string') throw new InvalidArgumentError(`Expected ${property}.`);
    return property;
  });
  const known = new Set(earlier.map((one) => one.text));
  return [...earlier, ...asked.filter((one) => !known.has(one.text))];
}

const MOST_CPUS = 32768;
const MOST_BUDGET = 1_000_000_000;

function wholeNumber(value: string, most: number): number {
  const n = Number(value);
  if (!/^\d{1,10}$/.test(value) || n > most)
    throw new InvalidArgumentError(`A number up to ${most} is expected.`);
  return n;
}

export const proveCommand: DefineCommand = (io, done) =>
  withOutput(withReadOptions(new Command('prove')))
    .description('Proves properties of a machine for every set of CPUs that may go offline, in every order.')
    .argument('<input>', 'a machine description, or - for standard input')
    .addOption(new Option('--format <name>', 'form of the report').choices(DOCUMENT_FORMATS).default('text'))
    .addOption(
      new Option('--property <name>', 'property to prove, or several with commas between; repeatable')
        .argParser(addProperties)
        .default([], 'all'),
    )
    .addOption(
      new Option('--offline-at-most <k>', 'sets of at most this many CPUs; max: find the largest number')
        .argParser((value) => (value === 'max' ? value : wholeNumber(value, MOST_CPUS)))
        .default('max'),
    )
    .option('--among <cpus>', 'only these CPUs may go offline, e.g. 8-15 (default: all that can)')
    .option('--keep <cpus>', 'these CPUs stay online')
    .addOption(new Option('--plug <which>', 'also plug CPUs and bring them online').choices(['any']))
    .option('--orders', 'also for every order in which the devices may be probed')
    .addOption(
      new Option(
        '--unknown <what>',
        'how the exit code counts a property that is neither proved nor disproved',
      )
        .choices(['fail', 'pass'])
        .default('fail'),
    )
    .addOption(
      new Option('--budget <n>', 'largest number of offlines that a search makes for each property')
        .argParser((value) => wholeNumber(value, MOST_BUDGET))
        .default(undefined, 'some seconds of them'),
    )
    .option('-v, --verbose', 'text, markdown: what each property means, and why it holds')
    .addHelpText('after', HELP)
    .action(async (input: string, options: ProveCommandOptions) => {
      const { runProve } = await import('../tasks/prove.ts');
      done(await reporting(options, [input], io, (to) => runProve(input, options, to)));
    });
