/** `--event EVENT`: adds an event to a raw description before it is validated. */
import { isKeyOf } from '../lib/lookup.ts';
import { suggestion } from './did-you-mean.ts';
import { EVENT_PREFIX, excerpt, type InputError, inputError, type RawInput } from './locate.ts';
import type { MachineEvent } from './machine.ts';

/** The text behind `kind=`; undefined: there is no `=`. Returns the raw event, or what was expected instead. */
type Parse = (argument: string | undefined) => object | string;

const cpuList =
  (kind: string): Parse =>
  (argument) =>
    argument ? { [kind]: numberOrText(argument) } : `expected ${kind}=CPUS`;

const bare =
  (kind: string): Parse =>
  (argument) =>
    argument === undefined ? { [kind]: true } : `${kind} takes no argument`;

/** Kinds of events as they are typed: a new one needs a form. */
type EventForm = Exclude<MachineEvent['kind'], 'setAffinity'> | 'set-affinity';

const FORMS: Readonly<Record<EventForm, Parse>> = {
  offline: cpuList('offline'),
  online: cpuList('online'),
  unplug: cpuList('unplug'),
  plug(argument) {
    const match = /^(0x[0-9a-f]+|\d+)(?:@(\d+))?$/i.exec(argument ?? '');
    if (!match) return 'expected plug=APICID or plug=APICID@NODE';
    const apicId = numberOrText(match[1]);
    return { plug: match[2] === undefined ? { apicId } : { apicId, node: Number(match[2]) } };
  },
  suspend: bare('suspend'),
  resume: bare('resume'),
  smt: (argument) =>
    argument === 'on' || argument === 'off' ? { smt: argument } : 'expected smt=on or smt=off',
  'set-affinity'(argument = '') {
    const equals = argument.lastIndexOf('=');
    const interrupt = interruptName(argument.slice(0, Math.max(equals, 0)));
    const cpus = argument.slice(equals + 1);
    return interrupt && cpus
      ? { setAffinity: { ...interrupt, cpus: numberOrText(cpus) } }
      : 'expected set-affinity=DEVICE:QUEUE=CPUS, DEVICE:vVECTOR or an irq number before the CPUS';
  },
  fire(argument = '') {
    const interrupt = interruptName(argument);
    return interrupt ? { fire: interrupt } : 'expected fire=DEVICE:QUEUE, DEVICE:vVECTOR or an irq number';
  },
  reprobe: (argument) => (argument ? { reprobe: argument } : 'expected reprobe=DEVICE'),
};

/** The kinds of events that `--event` takes. */
export const EVENT_KINDS: readonly string[] = Object.keys(FORMS);

/**
 * Appends one event, given as typed after `--event`, to the description's events; `raw` stays as it is.
 * The new locator gives `--event EVENT` for it. Throws `InputError` located there.
 */
export function appendEvent(raw: RawInput, text: string): RawInput {
  const location = { file: `${EVENT_PREFIX}${text}`, line: 1, column: 1 };
  const event = parseEvent(text, (message) => inputError(location.file, message));
  const description = raw.value as Readonly<Record<string, unknown>>;
  const events = description.events ?? [];
  if (!Array.isArray(events))
    throw inputError(location.file, 'the description has events, but not as a list');
  const index = events.length;
  return {
    value: { ...description, events: [...(events as unknown[]), event] },
    locate: (path, at) => (path[0] === 'events' && path[1] === index ? location : raw.locate(path, at)),
  };
}

function parseEvent(text: string, failure: (message: string) => InputError): object {
  const equals = text.indexOf('=');
  const kind = equals < 0 ? text : text.slice(0, equals);
  if (!isKeyOf(FORMS, kind)) {
    const hint = suggestion(kind, Object.keys(FORMS), 'events');
    throw failure(`unknown event ${excerpt(kind)}${hint}`);
  }
  const event = FORMS[kind](equals < 0 ? undefined : text.slice(equals + 1));
  if (typeof event === 'string') throw failure(event);
  return event;
}

/** "nvme0:3", "nvme0:v0" or "24"; null if it is none of them. */
function interruptName(text: string): object | null {
  if (/^\d{1,9}$/.test(text)) return { irq: Number(text) };
  const match = /^(.+):(v?)(\d{1,9})$/.exec(text);
  if (!match) return null;
  return { device: match[1], [match[2] === 'v' ? 'vector' : 'queue']: Number(match[3]) };
}

function numberOrText(text: string): number | string {
  return /^\d{1,15}$/.test(text) ? Number(text) : text;
}
