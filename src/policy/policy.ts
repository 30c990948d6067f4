/** How a kernel treats CPUs that an interrupt domain cannot address (reachability.md E). */
export interface Policy {
  readonly name: string;
  readonly aliases: readonly string[];
  /** One paragraph: what it does and whose idea it is. */
  readonly summary: string;
}
