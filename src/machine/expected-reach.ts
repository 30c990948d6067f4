/** What is expected of the interrupts of one device, or of all devices of an entry with `count`. */
export interface ExpectedReach {
  /** As written. */
  readonly name: string;
  /** Names of the devices that are meant. */
  readonly devices: readonly string[];
  readonly reachable?: string | undefined;
  readonly unreachable?: string | undefined;
  readonly unknown?: string | undefined;
}
