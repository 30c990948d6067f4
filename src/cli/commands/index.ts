/** The commands, in the order of `--help`. A new command is one file and one line here. */
import { Command, Option } from 'commander';
import { isKeyOf } from '../../lib/lookup.ts';
import type { Io } from '../io.ts';
import type { DefineCommand } from './command.ts';

/** A command as `irqsim --help` lists it; its definition is loaded where a command line names it. */
interface Entry {
  /** Its arguments, as its definition has them. */
  readonly takes: readonly string[];
  readonly summary: string;
  readonly load: () => Promise<DefineCommand>;
}

export const COMMANDS = {
  analyze: {
    takes: ['<input...>'],
    summary: 'report which CPUs and queues work, and why',
    load: async () => (await import('./analyze.ts')).analyzeCommand,
  },
  replay: {
    takes: ['<input>'],
    summary: 'play CPU hotplug and other events, one by one',
    load: async () => (await import('./replay.ts')).replayCommand,
  },
  why: {
    takes: ['<input>', '<kind>', '<id>'],
    summary: 'explain the state of a CPU, queue or device',
    load: async () => (await import('./why.ts')).whyCommand,
  },
  irqs: {
    takes: ['<input>'],
    summary: 'list the interrupts, and which of them may be moved',
    load: async () => (await import('./irqs.ts')).irqsCommand,
  },
  budget: {
    takes: ['<input>'],
    summary: 'account for the vectors: who uses them, what still fits, which CPUs may go offline',
    load: async () => (await import('./budget.ts')).budgetCommand,
  },
  explore: {
    takes: ['[input]'],
    summary: 'write a page that shows a machine and lets you change it',
    load: async () => (await import('./explore.ts')).exploreCommand,
  },
  prove: {
    takes: ['<input>'],
    summary: 'prove what holds whichever CPUs go offline, or show a counterexample',
    load: async () => (await import('./prove.ts')).proveCommand,
  },
  whatif: {
    takes: ['<input>'],
    summary: 'compare a machine with itself after changes',
    load: async () => (await import('./whatif.ts')).whatifCommand,
  },
  diff: {
    takes: ['<before>', '<after>'],
    summary: 'say what differs between two inputs',
    load: async () => (await import('./diff.ts')).diffCommand,
  },
  sweep: {
    takes: ['<input>'],
    summary: 'analyze a machine at every point of a grid of changes',
    load: async () => (await import('./sweep.ts')).sweepCommand,
  },
  solve: {
    takes: ['<input>'],
    summary: 'find the largest or smallest machine that works',
    load: async () => (await import('./solve.ts')).solveCommand,
  },
  advise: {
    takes: ['<input>'],
    summary: 'find the cheapest changes after which nothing is wrong',
    load: async () => (await import('./advise.ts')).adviseCommand,
  },
  batch: {
    takes: ['[input...]'],
    summary: 'write a verdict on each of thousands of machines, as NDJSON',
    load: async () => (await import('./batch.ts')).batchCommand,
  },
  merge: {
    takes: ['<file...>'],
    summary: 'join the outputs of all shards of a batch',
    load: async () => (await import('./merge.ts')).mergeCommand,
  },
  import: {
    takes: ['<input>'],
    summary: 'write a configuration of another product as a machine description',
    load: async () => (await import('./import.ts')).importCommand,
  },
  init: {
    takes: [],
    summary: 'write a commented machine description to start from',
    load: async () => (await import('./init.ts')).initCommand,
  },
  verify: {
    takes: ['<capture>'],
    summary: 'compare the model with a captured machine',
    load: async () => (await import('./verify.ts')).verifyCommand,
  },
  capture: {
    takes: [],
    summary: 'collect what is needed to analyse this machine elsewhere',
    load: async () => (await import('./capture.ts')).captureCommand,
  },
  dmesg: {
    takes: ['<file>'],
    summary: 'annotate a kernel log: what its lines mean, and where the model differs',
    load: async () => (await import('./dmesg.ts')).dmesgCommand,
  },
  lsp: {
    takes: [],
    summary: 'mark findings and offer fixes in an editor, as a language server',
    load: async () => (await import('./lsp.ts')).lspCommand,
  },
  serve: {
    takes: [],
    summary: 'deny virtual machines of KubeVirt that would not work, as an admission webhook',
    load: async () => (await import('./serve.ts')).serveCommand,
  },
  explain: {
    takes: ['[rule-or-message...]'],
    summary: 'say what a rule or a pasted message means and what to change',
    load: async () => (await import('./explain.ts')).explainCommand,
  },
  rules: {
    takes: [],
    summary: 'list the rules that findings come from',
    load: async () => (await import('./rules.ts')).rulesCommand,
  },
  kernels: {
    takes: [],
    summary: 'list the modelled kernels and what changed between them',
    load: async () => (await import('./kernels.ts')).kernelsCommand,
  },
  policies: {
    takes: [],
    summary: 'list the policies for unreachable CPUs',
    load: async () => (await import('./policies.ts')).policiesCommand,
  },
  schema: {
    takes: ['[what]'],
    summary: 'print the JSON Schema of descriptions, reports, answers or project files',
    load: async () => (await import('./schema.ts')).schemaCommand,
  },
  completion: {
    takes: ['<shell>'],
    summary: 'print the completion script of a shell',
    load: async () => (await import('./completion.ts')).completionCommand,
  },
  man: {
    takes: [],
    summary: 'print the manual page',
    load: async () => (await import('./man.ts')).manCommand,
  },
  engine: {
    takes: [],
    summary: 'plumbing: run engine cases, NDJSON in and out',
    load: async () => (await import('./engine.ts')).engineCommand,
  },
} as const satisfies Readonly<Record<string, Entry>>;

type Name = keyof typeof COMMANDS;

const NAMES = Object.keys(COMMANDS) as readonly Name[];
/** Commands that tell of all others. */
const TELL_OF_ALL: readonly Name[] = ['completion', 'man'];
/** Words that need no command, where they are the first. */
const NEED_NONE: readonly string[] = ['-V', '--version'];

/** A command that a command line may be about. */
interface Asked {
  readonly name: Name;
  /** It may be called, or say what it takes: others are only listed. */
  readonly isNamed: boolean;
}

const asked = (names: readonly Name[], named: readonly string[]): readonly Asked[] =>
  names.map((name) => ({ name, isNamed: named.includes(name) }));

/** The commands that a command line may be about, by its words: to define them all takes longer than most lines need. */
export function commandsFor(words: readonly string[]): readonly Asked[] {
  const [first = ''] = words;
  if (NEED_NONE.includes(first)) return [];
  // "completion values N -- why ...": somebody waits at a prompt.
  if (first === 'completion' && words[1] === 'values') {
    const named = [first, words[4]];
    return asked(
      NAMES.filter((name) => named.includes(name)),
      named,
    );
  }
  const named = isKeyOf(COMMANDS, first) ? [first] : words;
  if (TELL_OF_ALL.some((name) => named.includes(name))) return asked(NAMES, NAMES);
  return asked(isKeyOf(COMMANDS, first) ? [first] : NAMES, named);
}

/** A command with all that it takes. */
export async function definedCommand(name: Name, io: Io, done: (code: number) => void): Promise<Command> {
  const { load, summary } = COMMANDS[name];
  return (await load())(io, done).summary(summary);
}

/** All commands have options; what they are is not asked of one that is only listed. */
const OPTIONS = new Option('--options');

/** A command as far as a list of commands shows it. */
export function listedCommand(name: Name): Command {
  const { takes, summary } = COMMANDS[name];
  const command = new Command(name).summary(summary).addOption(OPTIONS);
  for (const one of takes) command.argument(one);
  return command;
}
