/** Where a part that nobody knows may be put into an input. */
export interface Place {
  readonly what: string;
  /** The text with the stranger in it; undefined: the text has no such place. */
  readonly put: (text: string) => string | undefined;
  /**
   * What becomes of the stranger: a warning where it may hold CPUs, devices, the machine type or the irqchip, a note where
   * it cannot, or the input is refused with its name.
   */
  readonly becomes: 'warning' | 'note' | 'refused';
  /** What it is named by, where a name cannot be put in. */
  readonly called?: string;
}

/** What a stranger is called, in whatever form the format has it. */
export const STRANGER = 'stranger';

/** The text with something put behind the first match. */
export function behind(pattern: RegExp, addition: string): Place['put'] {
  return (text) => {
    const match = pattern.exec(text);
    if (!match) return undefined;
    const at = match.index + match[0].length;
    return text.slice(0, at) + addition + text.slice(at);
  };
}

/** The text with something put before the first match. */
export function before(pattern: RegExp, addition: string): Place['put'] {
  return (text) => {
    const at = pattern.exec(text)?.index;
    return at === undefined ? undefined : text.slice(0, at) + addition + text.slice(at);
  };
}

/** The text with the first match replaced. */
export function instead(pattern: RegExp, replacement: string): Place['put'] {
  return (text) => (pattern.test(text) ? text.replace(pattern, replacement) : undefined);
}

/** The texts that a format's places are tried on, and the places. */
export interface Strangers {
  readonly texts: readonly string[];
  /** Why even these texts have parts that are named; absent: they have none. */
  readonly incomplete?: string;
  readonly places: readonly Place[];
}
