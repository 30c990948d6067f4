/** How much a difference says. */
export interface RowOptions {
  /** Lists in full, every queue by itself. */
  readonly verbose: boolean;
}
