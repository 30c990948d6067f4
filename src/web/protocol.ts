/** What a page asks its engine, and what comes back: plain data between two threads. */

/** A machine as it was given: the text of an input, and how it is to be read. */
export interface GivenInput {
  readonly text: string;
  /** Name of the input, for messages; its extension helps to recognise some formats. */
  readonly file: string;
  readonly from?: string;
  readonly stack?: Readonly<Record<string, string>>;
  readonly defines?: Readonly<Record<string, string>>;
  /** Changes that belong to the machine as it was given: `KEY=VALUE`, "--kernel 6.12", "--event offline=3". */
  readonly changes: readonly string[];
}

/** One thing about the machine that can be set from the page. */
export interface Control {
  /** Path of the value, as `--set` takes it; "kernel" and "policy" are paths too. */
  readonly path: string;
  readonly label: string;
  /** Values to choose from with their names; absent: a whole number. */
  readonly choices?: readonly (readonly [value: string, name: string])[];
  readonly least?: number;
  readonly most?: number;
  /** As the machine has it. */
  readonly value: string;
}

export type Question =
  | { readonly kind: 'open'; readonly input: GivenInput }
  /** The machine with changes. */
  | { readonly kind: 'vary'; readonly changes: readonly string[] }
  /** The changes as a patch of the input. */
  | { readonly kind: 'patch'; readonly changes: readonly string[] }
  /** Why a CPU, queue or device of the machine last shown is as it is. */
  | { readonly kind: 'why'; readonly about: string }
  /** The report on the machine last shown, for programs; `version` is irqsim's. */
  | { readonly kind: 'json'; readonly version: string };

/** The machine as it is now. */
export interface Shown {
  readonly kind: 'shown';
  readonly title: string;
  readonly verdict: string;
  /** HTML of the report. */
  readonly report: string;
  /** HTML of what differs from the machine as it was given; empty: nothing was changed. */
  readonly difference: string;
  readonly controls: readonly Control[];
  /** CPUs that are online, "0-3,8". */
  readonly online: string;
  /** A description of the machine in irqsim's own form. */
  readonly yaml: string;
}

export type Reply =
  | Shown
  | { readonly kind: 'why'; readonly html: string }
  | { readonly kind: 'patch'; readonly text: string }
  | { readonly kind: 'json'; readonly text: string }
  | { readonly kind: 'problem'; readonly lines: readonly string[] };

/** Replies carry the number of their question: later questions make earlier ones void. */
export interface Numbered<Message> {
  readonly number: number;
  readonly message: Message;
}
