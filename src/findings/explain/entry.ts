/** What is known about one message: who prints it, what it means, and what to do about it. */

export interface MessageEntry {
  /** Readable slug: `irqsim explain NAME`; best not the name of a rule. */
  readonly name: string;
  /** The message's wordings, with `{}` for what varies. The first is shown. */
  readonly templates: readonly string[];
  /** Who prints it: program or kernel function, with releases where the wording changed. */
  readonly printedBy: string;
  readonly meaning: string;
  /** Whether it matters, and to whom: begins with Yes, No, Only or Seldom; "No" at once where it is routine. */
  readonly matters: string;
  readonly why: string;
  readonly check: string;
  readonly change: string;
  /** Healthy boots print it too: by itself it is no sign of trouble. */
  readonly routine?: true;
  /** Names of the rules that find the cause in a description; none where no description can show it. */
  readonly rules: readonly string[];
}
