/** A libvirt log of a guest (/var/log/libvirt/qemu/NAME.log): the command line of its last start. */

/** Begins the record of a start. */
const START = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[^\n]*: starting up(?<rest>[^\n]*)\n/gm;

export interface LogStart {
  /** The command. */
  readonly text: string;
  /** Where it begins in the log. */
  readonly offset: number;
  /** Versions that the log names. */
  readonly stack: Readonly<Record<string, string>>;
}

/** The last start in a log; undefined if the text is no such log. */
export function lastStart(text: string): LogStart | undefined {
  const start = [...text.matchAll(START)].at(-1);
  if (!start) return undefined;
  const offset = start.index + start[0].length;
  let end = offset;
  do {
    const newline = text.indexOf('\n', end);
    end = newline < 0 ? text.length : newline + 1;
  } while (end < text.length && /\\\r?\n$/.test(text.slice(end - 3, end)));
  const stack: Record<string, string> = {};
  for (const [, product, version] of (start.groups?.rest ?? '').matchAll(
    /\b(libvirt|qemu) version: (\d+(?:\.\d+)*)/g,
  )) {
    stack[product] = version;
  }
  return { text: text.slice(offset, end), offset, stack };
}
