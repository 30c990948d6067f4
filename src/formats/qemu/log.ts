/** Libvirt's logs of guests (/var/log/libvirt/qemu/NAME.log): the command line of the last start. */

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

/** The last start of each guest in a log, or in several logs one behind the other; none if the text is no such log. */
export function lastStarts(text: string): readonly LogStart[] {
  const all = [...text.matchAll(START)].map((match) => startAt(text, match));
  return all.filter(
    ({ guest }, index) => !all.some((other, later) => later > index && other.guest === guest),
  );
}

function startAt(text: string, start: RegExpExecArray): LogStart & { readonly guest: string | undefined } {
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
  const command = text.slice(offset, end);
  return { text: command, offset, stack, guest: /\s-name (?:guest=)?([^,\s\\]+)/.exec(command)?.[1] };
}
