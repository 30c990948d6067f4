/** How a text report is to look, without what draws it: other programs may hold it too. */
export interface TextOptions {
  /** Columns to fit in. */
  readonly width: number;
  /** chalk level: 0 none, 1 basic, 2 256 colours, 3 true colour. */
  readonly colour: 0 | 1 | 2 | 3;
  /** Every queue, and the kernel's log. */
  readonly verbose: boolean;
}
