/** `irqsim whatif`: one machine without and with changes, side by side. */
import { Command, Option } from 'commander';
import type { Stack } from '../../formats/stack.ts';
import { type Io, oneLine, UsageError } from '../io.ts';
import {
  DIFFERENCE_EXIT_CODES,
  type DifferenceOptions,
  withDifferenceOptions,
} from '../options/difference-options.ts';
import { addVersions, changesOf, readingOf, refuseLists } from '../options/machine-options.ts';
import { reporting } from '../options/output-option.ts';
import type { DefineCommand } from './command.ts';

interface WhatifOptions extends DifferenceOptions {
  readonly stackAfter: Stack;
}

const HELP = `
"before" is the machine as written, "after" the machine with all changes; only differences are shown.
Expectations of the description (\`expect:\`) are about the machine as written, and are not checked.

Examples:
  irqsim whatif guest.yaml --set extDestId=true
  irqsim whatif guest.yaml --set topology.sockets=30 --set topology.cores=8
  irqsim whatif guest.yaml --kernel 5.10               what an older kernel would do
  irqsim whatif server.yaml --event offline=12-15      what is lost while CPUs are offline
  irqsim whatif vm.xml --stack libvirt=10.5 --stack-after libvirt=11.0
  irqsim whatif guest.yaml --set remapping=on --format markdown

${DIFFERENCE_EXIT_CODES}`;

/** --stack-after, as typed. */
function stackText(stack: Stack): string[] {
  const versions = Object.entries(stack).map(([product, version]) => `${product}=${version}`);
  return versions.length === 0 ? [] : [`--stack-after ${versions.join(',')}`];
}

async function whatif(input: string, options: WhatifOptions, io: Io): Promise<number> {
  refuseLists(options);
  const changes = changesOf(options);
  const otherStack = stackText(options.stackAfter);
  if (changes.length + otherStack.length === 0) {
    throw new UsageError('whatif: say what to change: --set, --event, --kernel, --policy or --stack-after');
  }
  const [
    { readBytes, readInput },
    { originOf },
    { varied },
    { cappedTopology },
    { changeTexts, reportPairs, titled },
  ] = await Promise.all([
    import('../input/input.ts'),
    import('../../questions/source.ts'),
    import('../../machine/vary.ts'),
    import('../../questions/whatif/capped.ts'),
    import('../tasks/differences.ts'),
  ]);
  let bytes: Uint8Array | undefined;
  // Standard input can be read only once.
  const read = (name: string) => {
    bytes ??= readBytes(name);
    return bytes;
  };
  const { stack, stackAfter } = options;
  const how = readingOf(options);
  const written = await readInput(input, how, read);
  const upgraded =
    otherStack.length === 0
      ? written
      : await readInput(input, { ...how, stack: { ...stack, ...stackAfter } }, read);
  const capped = upgraded
    .map(({ result }) => cappedTopology(result.raw.value, changes))
    .find((one) => one !== null);
  if (capped) io.note(oneLine(`irqsim: ${input}: ${capped}`));
  const before = titled(
    written.map((source) => varied(originOf(source), [])),
    [],
  );
  const after = titled(
    upgraded.map((source) => varied(originOf(source), changes)),
    [...otherStack, ...changeTexts(options)],
  );
  return await reportPairs(
    before.map((one, n) => ({ before: one, after: after[n] })),
    options,
    io,
  );
}

export const whatifCommand: DefineCommand = (io, done) =>
  withDifferenceOptions(new Command('whatif'))
    .description(
      'Compares a machine as written with the same machine after changes: what is gained and lost.',
    )
    .argument('<input>', 'a machine description of any format, or - for standard input')
    .addOption(
      new Option('--stack-after <versions>', 'the same for the machine after the changes, e.g. libvirt=11.0')
        .argParser(addVersions)
        .default({}, 'those of --stack'),
    )
    .addHelpText('after', HELP)
    .action(async (input: string, options: WhatifOptions) => {
      done(await reporting(options, [input], io, (to) => whatif(input, options, to)));
    });
