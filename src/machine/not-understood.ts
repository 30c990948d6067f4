/** What readers do not understand of an input: named, never dropped in silence. */
/** What a part of an input that was not understood could be about. */
export const MAY_HOLD = ['CPUs', 'devices', 'the machine type', 'the irqchip', 'the kernel'] as const;
export type MayHold = (typeof MAY_HOLD)[number];

/** A part of an input that its reader did not understand. */
export interface NotUnderstood {
  /** The part as it is written, e.g. "-device nvme-next" or "$EXTRA". */
  readonly part: string;
  /** Empty: whatever it says has no bearing on CPUs and interrupts. */
  readonly mayHold: readonly MayHold[];
  /** How to supply it, e.g. "--define EXTRA=VALUE"; undefined: nothing special. */
  readonly remedy: string | undefined;
  /** Key of the description that holds it: a change that sets "kernel" supplies the part. */
  readonly suppliedBy?: string | undefined;
}
