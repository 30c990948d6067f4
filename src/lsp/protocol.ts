/**
 * What a language server asks of what knows the texts, and what comes back, in the shapes of the Language Server
 * Protocol 3.17: plain data, so that both can be in threads of their own.
 */
import type {
  CodeAction,
  CodeLens,
  CompletionItem,
  Diagnostic,
  DocumentSymbol,
  Hover,
  Position,
  Range,
} from 'vscode-languageserver';
import type { Level } from '../findings/rules/rule.ts';
import type { JudgeSettings } from '../findings/triage/settings.ts';
import type { Defines } from '../formats/reader.ts';
import type { Stack } from '../formats/stack.ts';

/** A text as its editor has it, saved or not. */
export interface OpenText {
  readonly uri: string;
  /** Its name in messages, from `folder`. */
  readonly file: string;
  /** URI of the folder that names of files start from. */
  readonly folder: string;
  readonly version: number;
  readonly text: string;
}

/** How it is read and judged: what the options of `analyze` and the project file say. */
export interface Reading {
  /** Another one for whatever else differs. */
  readonly stamp: string;
  /** Findings of this level and above have to go, where `advise` is not told; undefined: as it finds. */
  readonly level: Level | undefined;
  readonly stack: Stack;
  readonly defines: Defines;
  readonly settings: JudgeSettings;
  /** Address of a site with the pages of the rules. */
  readonly docs?: string | undefined;
}

/** What is known of a text, by what is asked. */
export interface Answers {
  readonly diagnostics: readonly Diagnostic[];
  readonly lenses: readonly CodeLens[];
  readonly symbols: readonly DocumentSymbol[];
  readonly hover: Hover | null;
  readonly completions: readonly CompletionItem[];
  readonly actions: readonly CodeAction[];
}

export type About = keyof Answers;

/** What goes with a question. */
interface Details {
  readonly diagnostics: object;
  readonly lenses: object;
  readonly symbols: object;
  /** `markdown`: the client shows it. */
  readonly hover: { readonly position: Position; readonly markdown: boolean };
  readonly completions: { readonly position: Position };
  readonly actions: {
    readonly range: Range;
    /** All that `advise --fix` writes into the text, wherever the range is. */
    readonly all: boolean;
    /** The client shows actions that cannot be taken, with the reason. */
    readonly disabled: boolean;
    /** The client takes edits that name the version of the text. */
    readonly versioned: boolean;
  };
}

export type Question<A extends About = About> = { [K in A]: { readonly about: K } & Details[K] }[A];

/** A question about a text, with all that the answer depends on: who answers need remember nothing. */
export interface Asked<A extends About = About> {
  readonly open: OpenText;
  readonly reading: Reading;
  readonly question: Question<A>;
}
