/** One message of the kernel. */
export interface LogLine {
  /** Line of the input, from 1; of a message that was broken, its first. */
  readonly line: number;
  /** The message, without time, level and all that stands before it. */
  readonly text: string;
}
