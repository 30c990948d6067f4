/** Switches: `on`, `off`, `true` and `false`, quoted or not. */
import type { ToggleInput } from './schema.ts';

/** The state of a switch, or the default where none is written. */
export function isOn(value: ToggleInput | undefined, fallback: boolean): boolean {
  if (value === undefined) return fallback;
  return value === true || value === 'on' || value === 'true';
}
