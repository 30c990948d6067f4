/** Properties of options: numbers and switches, with errors that lead to the place. */
import { parseCpuList } from '../../lib/cpumask.ts';
import { lookup } from '../../lib/lookup.ts';
import { excerpt, type InputError, inputError, type Location } from '../../machine/locate.ts';
import type { Fact, IndexRange, Props, QemuDevice } from './facts.ts';

/** An error about a place of the source. */
export function errorAt(at: Location | undefined, message: string): InputError {
  return inputError(at?.file ?? '-', message, at?.line, at?.column);
}

/** Largest number taken: more is a mistake, and would only cost time. */
const LARGEST = 2 ** 31;

/** A whole number, decimal or 0x. Throws InputError for anything else. */
export function wholeNumber({ value, at }: Fact<string>, name: string): number {
  const text = value.trim();
  const number = /^(?:\d{1,12}|0x[\da-f]{1,9})$/i.test(text) ? Number(text) : Number.NaN;
  if (number <= LARGEST) return number;
  throw errorAt(at, `${name}=${excerpt(value)}: a whole number is expected`);
}

const SWITCHES = {
  on: true,
  yes: true,
  true: true,
  y: true,
  off: false,
  no: false,
  false: false,
  n: false,
} as const;

/** A switch. Throws InputError for anything but on/off, yes/no, true/false. */
export function switchValue({ value, at }: Fact<string>, name: string): boolean {
  const on = lookup(SWITCHES, value);
  if (on === undefined) throw errorAt(at, `${name}=${excerpt(value)}: on or off is expected`);
  return on;
}

/** Whether a value is that of a switch at all. */
export const isSwitch = ({ value }: Fact<string>): boolean => lookup(SWITCHES, value) !== undefined;

/** Whether a switch is there and on; what is no switch is not on. */
export const isOn = (fact: Fact<string> | undefined): boolean => lookup(SWITCHES, fact?.value) === true;

/** The same as a fact; undefined if the property is not there. */
export function switchFact(props: Props, name: string): Fact<boolean> | undefined {
  const fact = props.get(name);
  return fact && { value: switchValue(fact, name), at: fact.at };
}

/** A number as a fact; undefined if the property is not there. */
export function numberFact(props: Props, name: string): Fact<number> | undefined {
  const fact = props.get(name);
  return fact && { value: wholeNumber(fact, name), at: fact.at };
}

/** A switch of a device that may also be "auto", which is what it is when not written. */
export function onOffAuto(device: QemuDevice, name: string): 'on' | 'off' | 'auto' {
  const fact = device.props.get(name);
  if (!fact || fact.value === 'auto') return 'auto';
  return switchValue(fact, name) ? 'on' : 'off';
}

/** What QEMU says about a device: the option as written, then the message. */
export function deviceMessage(device: { readonly option: string | undefined }, message: string): string {
  return device.option === undefined ? message : `${device.option}: ${message}`;
}

/** CPU indexes as `cpus=0-3,8` has them; none where nothing is written. Throws InputError. */
export function indexRanges(fact: Fact<string> | undefined): readonly IndexRange[] {
  if (!fact) return [];
  try {
    return parseCpuList(fact.value);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw errorAt(fact.at, `cpus=${excerpt(fact.value)}: ${error.message}`);
  }
}
