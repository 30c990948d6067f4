/** What a recipe of CONTRIBUTING is made of: steps that write a file or put text into one, and what misses a step. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A file of its own, or text put behind the first place that `after` is, `instead` of what follows there. */
export type Edit =
  | { readonly path: string; readonly text: string }
  | {
      readonly path: string;
      readonly after: string | RegExp;
      readonly instead?: string;
      readonly text: string;
    };

/**
 * Who says that a step was left out: the compiler, in files (`apart` from what else is left out, which it would not
 * say), or tests, by their full names.
 */
export type Missed =
  | { readonly compiler: readonly string[]; readonly apart?: true }
  | { readonly tests: readonly string[] };

export interface Step {
  /** Names the step where it is left out; "" for what is there before. */
  readonly key: string;
  /** The path that CONTRIBUTING gives it. */
  readonly says: string;
  readonly edits: readonly Edit[];
  readonly missed: Missed;
}

/** How one kind of thing is added: the start of its entry in CONTRIBUTING, and the steps for a thing of a name. */
export interface Recipe {
  readonly kind: string;
  readonly entry: string;
  readonly steps: (name: string) => readonly Step[];
}

/** A thing that is added. */
export interface Addition {
  readonly name: string;
  readonly steps: readonly Step[];
}

/** A thing that is added without one of its steps. */
export interface Lacking extends Addition {
  readonly without: Step;
}

/** The thing of a recipe with all of its steps. */
export function whole({ kind, steps }: Recipe): Addition {
  const name = `spare-${kind}`;
  return { name, steps: steps(name) };
}

/** For each step of a recipe a thing that lacks it. */
export function incomplete({ kind, steps }: Recipe): readonly Lacking[] {
  return steps('any').flatMap(({ key }, at) => {
    if (key === '') return [];
    const name = `spare-${kind}-without-${key}`;
    const all = steps(name);
    return [{ name, steps: all.toSpliced(at, 1), without: all[at] }];
  });
}

/** Text with an edit made. Throws where the place to put it at is not there. */
function edited(old: string, edit: Extract<Edit, { readonly after: string | RegExp }>): string {
  const { after, instead = '', text, path } = edit;
  const [place] = (typeof after === 'string' ? [after] : after.exec(old)) ?? [];
  const at = typeof after === 'string' ? old.indexOf(after + instead) : old.search(after);
  if (place === undefined || at < 0) throw new Error(`${path} has no "${after}${instead}"`);
  const end = at + place.length;
  return old.slice(0, end) + text + old.slice(end + instead.length);
}

/** Carries steps out in a copy of parts of the project, as far as they are about these parts. */
export function carryOut(folder: string, parts: readonly string[], additions: readonly Addition[]): void {
  const edits = additions
    .flatMap(({ steps }) => steps)
    .flatMap(({ edits }) => edits)
    .filter(({ path }) => parts.some((part) => path === part || path.startsWith(`${part}/`)));
  for (const edit of edits) {
    const path = join(folder, edit.path);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, 'after' in edit ? edited(readFileSync(path, 'utf8'), edit) : edit.text);
  }
}

/** "spare-rule" → "spareRule". */
export const camel = (name: string): string => name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
