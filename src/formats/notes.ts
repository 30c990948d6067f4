/** What a product would say and what its defaults decided, collected while a machine is worked out. */
import type { Assumption, Location, Path, Refusal } from '../machine/machine.ts';
import type { MayHold, NotUnderstood } from '../machine/not-understood.ts';

/** Said of a guest without ACPI tables. */
export const NO_ACPI =
  'acpi=off: no MADT/SRAT/DMAR for the guest; CPU hot-plug impossible; APIC IDs are still those given';

/** Further lines of a refusal. */
export interface Advice {
  readonly cause?: readonly string[];
  readonly fix?: readonly string[];
}

/** A part that was not understood, and where it is written. */
export interface UnreadPart extends NotUnderstood {
  readonly at: Location | undefined;
}

export interface Notes {
  readonly unread: readonly UnreadPart[];
  readonly assumptions: readonly Assumption[];
  readonly refusals: readonly Refusal[];
  /** Notes a default once, however many values it decided. */
  readonly assume: (text: string, path?: Path) => void;
  /** The product starts and says this. */
  readonly warn: (message: string, at: Location | undefined, advice?: Advice) => void;
  /** The product would stop with this message: it says nothing after its first error. */
  readonly fail: (message: string, at: Location | undefined, advice?: Advice) => void;
  /**
   * Names a part of the input that was not understood, once for each place. Every reader uses all that it is given,
   * or knows that it has no bearing, or says so here. `mayHold` empty makes a note, else a warning; `remedy` says
   * how to supply it: "--define EXTRA=VALUE"; `suppliedBy` is the key of the description that holds it, if one does.
   */
  readonly notUnderstood: (
    part: string,
    at: Location | undefined,
    mayHold: readonly MayHold[],
    remedy?: string,
    suppliedBy?: string,
  ) => void;
}

/** Empty notes of a product; `by` is its name and version, e.g. "QEMU 10.0". */
export function takeNotes(by: string): Notes {
  const assumptions: Assumption[] = [];
  const refusals: Refusal[] = [];
  const unread: UnreadPart[] = [];
  const named = new Set<string>();
  const texts = new Set<string>();
  let failed = false;
  const refuse = (
    level: Refusal['level'],
    message: string,
    location: Location | undefined,
    advice: Advice,
  ) => {
    if (failed) return;
    failed = level === 'error';
    refusals.push({ by, level, message, cause: advice.cause ?? [], fix: advice.fix ?? [], location });
  };
  return {
    assumptions,
    refusals,
    unread,
    notUnderstood(part, at, mayHold, remedy, suppliedBy) {
      const key = `${at?.line} ${part}`;
      if (named.has(key)) return;
      named.add(key);
      unread.push({ part, mayHold, remedy, suppliedBy, at });
    },
    assume(text, path) {
      if (texts.has(text)) return;
      texts.add(text);
      assumptions.push(path ? { text: `${by}: ${text}`, path } : { text: `${by}: ${text}` });
    },
    warn: (message, at, advice = {}) => refuse('warning', message, at, advice),
    fail: (message, at, advice = {}) => refuse('error', message, at, advice),
  };
}
