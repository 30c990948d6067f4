/** What a shell script is made of, as far as it decides on the words of a command line. */

/** `[start, end)` in the text of the source. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A part of a word as it is written. */
export type Part = Span &
  (
    | { readonly kind: 'text'; readonly quoted: boolean }
    | {
        readonly kind: 'parameter';
        readonly quoted: boolean;
        readonly name: string;
        /** `${a[@]}`: "@"; undefined without brackets. */
        readonly subscript: string | undefined;
        /** `${#a}` */
        readonly isLength: boolean;
        /** ":-", "-", ":+", "+", ":=", "%", "##" …; undefined for the plain value. */
        readonly operator: string | undefined;
        readonly operand: readonly Part[];
      }
    | { readonly kind: 'command'; readonly quoted: boolean; readonly body: Span }
    | { readonly kind: 'arithmetic'; readonly quoted: boolean; readonly body: Span }
  );

export interface WrittenWord extends Span {
  readonly parts: readonly Part[];
}

/** `NAME=value`, `NAME+=(a b)` */
export interface Assignment {
  readonly name: string;
  readonly appends: boolean;
  readonly value: WrittenWord | undefined;
  /** The words of an array; undefined for a plain value. */
  readonly list: readonly WrittenWord[] | undefined;
}

export type Command =
  | {
      readonly kind: 'simple';
      readonly assignments: readonly Assignment[];
      readonly words: readonly WrittenWord[];
      /** The line ends behind it: no ";", "|" or "&". */
      readonly endsLine: boolean;
    }
  | { readonly kind: 'group'; readonly body: readonly Command[] }
  | {
      readonly kind: 'chain';
      readonly first: Command;
      readonly rest: readonly { readonly on: '&&' | '||'; readonly command: Command }[];
    }
  | {
      readonly kind: 'if';
      readonly clauses: readonly { readonly test: readonly Command[]; readonly body: readonly Command[] }[];
      readonly otherwise: readonly Command[];
    }
  | {
      readonly kind: 'for';
      readonly name: string;
      readonly words: readonly WrittenWord[] | undefined;
      readonly body: readonly Command[];
    }
  | { readonly kind: 'while'; readonly test: readonly Command[]; readonly body: readonly Command[] }
  | {
      readonly kind: 'case';
      readonly word: WrittenWord;
      readonly items: readonly {
        readonly patterns: readonly WrittenWord[];
        readonly body: readonly Command[];
      }[];
    }
  | { readonly kind: 'function'; readonly name: string; readonly body: readonly Command[] }
  /** `((i++))` */
  | { readonly kind: 'let'; readonly body: Span }
  /** A here-document: its lines may be a script. */
  | { readonly kind: 'document'; readonly body: Span };

export type SimpleCommand = Extract<Command, { kind: 'simple' }>;
