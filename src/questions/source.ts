/**
 * One machine of an input before it is checked: from it the machine itself is made, and every variant of it that a
 * what-if asks for.
 */

import { findRule, RULE_NAMES } from '../findings/rules/index.ts';
import { unusedText } from '../formats/defines.ts';
import { FORMAT_NAMES } from '../formats/formats.ts';
import { readerNamed, recognise } from '../formats/index.ts';
import { HEAD, likelyKind, mayBeDescription } from '../formats/likely.ts';
import { native } from '../formats/native/reader.ts';
import type { Defines, Reader, ReadResult } from '../formats/reader.ts';
import type { Stack } from '../formats/stack.ts';
import { unknownVersions } from '../formats/stack.ts';
import { headText } from '../formats/text/head.ts';
import { POLICY_NAMES } from '../linux/policy/index.ts';
import { inputError } from '../machine/locate.ts';
import type { Given, Machine, Suppression } from '../machine/machine.ts';
import { givenBy, type KnownNames } from '../machine/normalise.ts';
import { applySets } from '../machine/set.ts';
import type { Origin } from '../machine/vary.ts';

const FORMATS = FORMAT_NAMES.join(', ');

const KNOWN: KnownNames = {
  policies: POLICY_NAMES,
  rules: RULE_NAMES,
  ruleName: (name) => findRule(name)?.name ?? name,
};

export interface MachineSource {
  /** File name, "-" for standard input. */
  readonly file: string;
  /** Name of the reader that read it. */
  readonly format: string;
  /** Versions that were asked for. */
  readonly stack?: Stack;
  readonly result: ReadResult;
}

/** Bytes to be read, and how. */
export interface SourceRequest {
  readonly bytes: Uint8Array;
  readonly file: string;
  /** Name of the reader; recognised by content if absent. */
  readonly from?: string | undefined;
  /** Versions whose defaults count, for formats of other products. */
  readonly stack?: Stack | undefined;
  /** Values that only a shell knows, by name. */
  readonly defines?: Defines | undefined;
}

/** A machine, and its description as it would be written in irqsim's own form. */
export interface Described {
  readonly machine: Machine;
  readonly description: unknown;
}

/** The machines of an input of any format, at least one. Throws InputError; RangeError for an unknown `from`. */
export async function readSources(request: SourceRequest): Promise<readonly MachineSource[]> {
  const { bytes, file, from, stack = {}, defines } = request;
  const reader = from === undefined ? recognised(bytes, file) : readerNamed(from);
  const results = await withIgnored(reader, request, await reader.read({ bytes, file, stack, defines }));
  const unknown = unknownVersions(stack);
  const unused = reader.usesDefines
    ? []
    : Object.keys(defines ?? {}).map((name) => ({ text: unusedText(name) }));
  return results.map((result) => ({
    file,
    format: reader.name,
    stack,
    result:
      unknown.length + unused.length > 0
        ? {
            ...result,
            refusals: [...result.refusals, ...unknown],
            assumptions: [...result.assumptions, ...unused],
          }
        : result,
  }));
}

/** Texts without it have no comment that suppresses anything. */
const NAMED = /irqsim/i;

/** The results with the suppressions that stand in comments of the input. Throws InputError for wrong ones. */
async function withIgnored(
  { comments: find }: Reader,
  { bytes, file }: SourceRequest,
  results: readonly ReadResult[],
): Promise<readonly ReadResult[]> {
  const text = find && new TextDecoder().decode(bytes);
  if (!find || text === undefined || !NAMED.test(text)) return results;
  const { ignoredIn } = await import('../formats/comments/ignore.ts');
  const ignored = await ignoredIn(
    text,
    { file, find, known: KNOWN },
    results.map(({ raw }) => raw),
  );
  return results.map((result, n) => (ignored[n]?.length > 0 ? { ...result, ignored: ignored[n] } : result));
}

/** The reader that recognises the bytes. Throws InputError, in one line, for what looks like no input at all. */
function recognised(bytes: Uint8Array, file: string): Reader {
  const head = headText(bytes, HEAD);
  const reader = recognise(bytes, file);
  if (reader === native) refuseOtherKinds(head, file);
  return reader;
}

function refuseOtherKinds(head: string, file: string): void {
  const kind = likelyKind(head);
  if (kind !== undefined) throw inputError(file, `${kind}. Formats: ${FORMATS}; --from NAME forces one`);
  // Binary and empty files have better messages of their own.
  if (mayBeDescription(head, file) || !/^[\t\n\r -~\u00a0-\uffff]*\S/.test(head)) return;
  throw inputError(
    file,
    `no format that irqsim reads is recognised in it. Formats: ${FORMATS}; --from NAME forces one`,
  );
}

/** Machines of the description with suppressions beside its own. */
function suppressing(given: Given, ignored: readonly Suppression[] | undefined): Given {
  if (!ignored) return given;
  return {
    ...given,
    vary(changes, share) {
      const machine = given.vary(changes, share);
      const { levels = [], suppress = [] } = machine.triage ?? {};
      return {
        ...machine,
        triage: { levels, suppress: [...suppress, ...ignored] },
        ...(machine.given && { given: suppressing(machine.given, ignored) }),
      };
    },
  };
}

/** What variants of the source are made from, with changes that count for all. Throws InputError for those. */
export function originOf(source: MachineSource, changes: readonly string[] = []): Origin & { given: Given } {
  const { file, format, stack, result } = source;
  const { raw, assumptions, refusals } = result;
  const given = suppressing(givenBy(applySets(raw, changes), file, KNOWN), result.ignored);
  return format === native.name ? { given } : { given, imported: { format, stack, assumptions, refusals } };
}

/**
 * Makes the machine, with changes: `KEY=VALUE` assignments, and events as `--event EVENT`, in order. Throws
 * InputError with everything that is wrong.
 */
export function describe(source: MachineSource, changes: readonly string[] = []): Described {
  const { given, imported } = originOf(source, changes);
  const machine = given.vary([]);
  return { machine: imported ? { ...machine, imported } : machine, description: given.description };
}

/** {@link describe}, of which only the machine is wanted. */
export function machineOf(source: MachineSource, changes: readonly string[] = []): Machine {
  return describe(source, changes).machine;
}
