/**
 * Plays a shell script as far as its text decides it, and collects the commands that it would run. Nothing is
 * executed: variables, arrays, functions, branches and loops over written lists are followed; what only the shell
 * knows stays in the words as an `Unknown`.
 */
import { isKeyOf } from '../../lib/lookup.ts';
import { assign, changedName, forgets } from './shell-assign.ts';
import { expandText, expandWord, type Scope } from './shell-expand.ts';
import { parseScript } from './shell-parse.ts';
import type { RunCommand, ScriptRun } from './shell-result.ts';
import { statusOf } from './shell-status.ts';
import type { Command, SimpleCommand } from './shell-syntax.ts';
import { mergeVariables, type Variables } from './shell-values.ts';
import { isKnown, type Piece, type Source, sourceOf, textOf, type Word, wordOf } from './shell-words.ts';
import { TextError } from './text.ts';

/** Steps that a script may take, and branches of which nobody knows which is taken. */
const MAX_STEPS = 40_000;
const MAX_BRANCHES = 2000;
/** Commands within commands (functions, `eval`), and rounds of a loop. */
const MAX_DEPTH = 30;
const MAX_ROUNDS = 512;

type Fields = readonly (readonly Piece[])[];
/** How a list of commands ends: `exit` and `return` leave it. */
type Ending = 'runs on' | 'leaves';

interface Run {
  readonly commands: RunCommand[];
  readonly functions: Map<
    string,
    { readonly source: Source; readonly body: readonly Command[]; called: boolean }
  >;
  readonly sourced: Word[];
  steps: number;
  branches: number;
  depth: number;
}

/** Plays a script; `defines` is what the user supplies by name. Throws TextError. */
export function runScript(text: string, defines: Readonly<Record<string, string>> = {}): ScriptRun {
  return runSource(sourceOf(text), defines);
}

/** The same of a script that is a part of a text, or made of parts. Throws TextError. */
export function runSource(source: Source, defines: Readonly<Record<string, string>> = {}): ScriptRun {
  const run: Run = { commands: [], functions: new Map(), sourced: [], steps: 0, branches: 0, depth: 0 };
  const scope: Scope = {
    source,
    variables: new Map(),
    positional: undefined,
    defines,
    defaults: new Set(),
    asked: new Set(),
  };
  runAll(parseScript(scope.source), scope, run);
  for (const definition of run.functions.values()) {
    if (!definition.called) runAll(definition.body, { ...scope, source: definition.source }, run);
  }
  return { commands: run.commands, defaults: scope.defaults, asked: scope.asked, sourced: run.sourced };
}

function runAll(commands: readonly Command[], scope: Scope, run: Run): Ending {
  let ending: Ending = 'runs on';
  for (const command of commands) {
    if (++run.steps > MAX_STEPS)
      throw new TextError(scope.source.at(0), 'the script takes too many steps to follow');
    // A paste may go on behind "exit", so what follows is read all the same.
    if (runOne(command, scope, run) === 'leaves') ending = 'leaves';
  }
  return ending;
}

function runOne(command: Command, scope: Scope, run: Run): Ending {
  switch (command.kind) {
    case 'simple':
      return runSimple(command, scope, run);
    case 'group':
      return runAll(command.body, scope, run);
    case 'function':
      run.functions.set(command.name, { source: scope.source, body: command.body, called: false });
      return 'runs on';
    case 'let': {
      const { start, end } = command.body;
      forgets([[], changedName(scope.source.text.slice(start, end), scope.source.at(start))], scope);
      return 'runs on';
    }
    case 'document':
      runDocument(
        scope.source.text.slice(command.body.start, command.body.end),
        command.body.start,
        scope,
        run,
      );
      return 'runs on';
    case 'chain':
      runChain(command, scope, run);
      return 'runs on';
    case 'if':
      return runIf(command, scope, run);
    case 'for':
      runFor(command, scope, run);
      return 'runs on';
    case 'while':
      runAll(command.test, scope, run);
      either([() => runAll(command.body, scope, run), () => 'runs on'], scope, run);
      return 'runs on';
    case 'case':
      return runCase(command, scope, run);
  }
}

/** A here-document may hold a script; if it is no text of a shell, nothing is lost. */
function runDocument(text: string, offset: number, scope: Scope, run: Run): void {
  const { at } = scope.source;
  try {
    const source: Source = { text, at: (index) => at(offset + index) };
    runAll(parseScript(source), { ...scope, source, variables: new Map(scope.variables) }, run);
  } catch (error) {
    if (!(error instanceof TextError)) throw error;
  }
}

/** Plays branches of which nobody knows which is taken, each from here on. */
function either(branches: readonly (() => Ending)[], scope: Scope, run: Run): Ending {
  run.branches += branches.length;
  if (run.branches > MAX_BRANCHES)
    throw new TextError(scope.source.at(0), 'the script has too many branches to follow');
  const before = scope.variables;
  const after: Variables[] = [];
  for (const branch of branches) {
    scope.variables = new Map(before);
    if (branch() === 'runs on') after.push(scope.variables);
  }
  scope.variables = after.length > 0 ? mergeVariables(after) : before;
  return after.length > 0 ? 'runs on' : 'leaves';
}

function runChain(chain: Extract<Command, { kind: 'chain' }>, scope: Scope, run: Run): void {
  let status = statusOf([chain.first], scope);
  runOne(chain.first, scope, run);
  for (const { on, command } of chain.rest) {
    if (status === undefined) {
      // "cd x && qemu": the words are collected either way; "test && X=1" leaves X open.
      either([() => runOne(command, scope, run), () => 'runs on'], scope, run);
    } else if ((on === '&&') === status) {
      status = statusOf([command], scope);
      runOne(command, scope, run);
    }
  }
}

function runIf({ clauses, otherwise }: Extract<Command, { kind: 'if' }>, scope: Scope, run: Run): Ending {
  const open: (() => Ending)[] = [];
  for (const { test, body } of clauses) {
    const status = statusOf(test, scope);
    if (status !== false) open.push(() => runAll(body, scope, run));
    if (status === true) break;
    if (status === undefined) runAll(test, scope, run);
  }
  const isDecided = clauses.some(({ test }) => statusOf(test, scope) === true);
  if (!isDecided) open.push(() => runAll(otherwise, scope, run));
  return open.length === 1 ? open[0]() : either(open, scope, run);
}

function runCase({ word, items }: Extract<Command, { kind: 'case' }>, scope: Scope, run: Run): Ending {
  const value = expandText(word.parts, scope);
  const branches: (() => Ending)[] = [];
  let isDecided = isKnown(value);
  for (const { patterns, body } of items) {
    const texts = patterns.map((pattern) => textOf(expandText(pattern.parts, scope)));
    const isRest = texts.includes('*');
    if (isDecided && (isRest || texts.includes(textOf(value)))) return runAll(body, scope, run);
    if (texts.some((text) => /[*?[$]/.test(text)) && !isRest) isDecided = false;
    branches.push(() => runAll(body, scope, run));
  }
  if (isDecided) return 'runs on';
  return either([...branches, () => 'runs on'], scope, run);
}

function runFor({ name, words, body }: Extract<Command, { kind: 'for' }>, scope: Scope, run: Run): void {
  const fields = words?.flatMap((word) => expandWord(word, scope));
  if (fields && fields.length <= MAX_ROUNDS && fields.every(isKnown)) {
    for (const field of fields) {
      scope.variables.set(name, { kind: 'text', pieces: field });
      runAll(body, scope, run);
    }
    return;
  }
  const round = () => {
    scope.variables.delete(name);
    return runAll(body, scope, run);
  };
  either([round, () => 'runs on'], scope, run);
}

function runSimple(command: SimpleCommand, scope: Scope, run: Run): Ending {
  const fields = command.words.flatMap((word) => expandWord(word, scope)).filter((field) => field.length > 0);
  const [name = '', ...rest] = fields.map(textOf);
  if (fields.length === 0 || DECLARES.test(name)) {
    for (const assignment of command.assignments) assign(assignment, scope);
    return 'runs on';
  }
  if (name === 'exit' || name === 'return') return 'leaves';
  const definition = run.functions.get(name);
  if (definition) {
    definition.called = true;
    nested(run, scope, () => {
      const inner: Scope = { ...scope, source: definition.source, positional: fields.slice(1) };
      runAll(definition.body, inner, run);
      scope.variables = inner.variables;
    });
    return 'runs on';
  }
  if (isKeyOf(BUILTINS, name)) BUILTINS[name](fields, scope, run);
  else {
    const script = scriptIn(fields, rest);
    if (script) evaluate(script, scope, run);
    else run.commands.push({ words: fields.map(wordOf), endsLine: command.endsLine });
  }
  return 'runs on';
}

const DECLARES = /^(?:export|local|declare|readonly|typeset)$/;

/** The argument of `sh -c`, also behind sudo and the like. */
function scriptIn(fields: Fields, rest: readonly string[]): Fields | undefined {
  const words = [textOf(fields[0]), ...rest].slice(0, 8);
  const shell = words.findIndex((word) => /^(?:\S*\/)?(?:ba|da|z|k|a)?sh$|^su$/.test(word));
  if (shell < 0) return undefined;
  const option = words.findIndex((word, index) => index > shell && /^-\w*c$/.test(word));
  return option < 0 || !fields[option + 1] ? undefined : [fields[option + 1]];
}

function nested(run: Run, scope: Scope, work: () => void): void {
  if (++run.depth > MAX_DEPTH) throw new TextError(scope.source.at(0), 'commands call each other too deep');
  work();
  run.depth--;
}

/** Reads words as commands. */
function evaluate(fields: Fields, scope: Scope, run: Run): void {
  const pieces = fields.flatMap((field, index) =>
    index > 0 ? [{ text: ' ', offset: field[0]?.offset ?? 0, isComputed: true }, ...field] : field,
  );
  if (pieces.length === 0) return;
  const word = wordOf(pieces);
  nested(run, scope, () => {
    const inner: Scope = { ...scope, source: word };
    runAll(parseScript(word), inner, run);
    scope.variables = inner.variables;
  });
}

/** ". FILE": what the file sets is not known here. */
function sources(fields: Fields, run: Run): void {
  const [dot, file] = fields;
  const blank: Piece = { text: ' ', offset: dot[0]?.offset ?? 0, isComputed: true };
  run.sourced.push(wordOf(file ? [...dot, blank, ...file] : dot));
}

/** What changes variables or the words that follow; "[" and the like run nothing. */
const BUILTINS = {
  eval: (fields, scope, run) => evaluate(fields.slice(1), scope, run),
  set: (fields, scope) => {
    const dashes = fields.findIndex((field) => textOf(field) === '--');
    if (dashes > 0) scope.positional = fields.slice(dashes + 1);
  },
  shift: (fields, scope) => {
    const count = Number(fields[1] ? textOf(fields[1]) : 1);
    scope.positional = scope.positional?.slice(count);
  },
  unset: (fields, scope) => {
    for (const field of fields.slice(1)) scope.variables.delete(textOf(field));
  },
  read: forgets,
  mapfile: forgets,
  readarray: forgets,
  getopts: (fields, scope) => forgets([fields[0], ...fields.slice(2)], scope),
  let: (fields, scope) => {
    const changed = fields.slice(1).map((field) => changedName(textOf(field), field[0]?.offset ?? 0));
    forgets([fields[0], ...changed], scope);
  },
  source: (fields, _scope, run) => sources(fields, run),
  '.': (fields, _scope, run) => sources(fields, run),
  '[': () => undefined,
  '[[': () => undefined,
  test: () => undefined,
  ':': () => undefined,
} satisfies Readonly<Record<string, (fields: Fields, scope: Scope, run: Run) => void>>;
