/** What a reader writes its result on: a description, where each value comes from, assumptions and refusals. */
import type { DriverName } from '../machine/driver-names.ts';
import { grouped, LIMITS } from '../machine/limits.ts';
import { type InputError, inputError, type Location, type Path } from '../machine/locate.ts';
import type { InterruptKind } from '../machine/machine.ts';
import { type Notes, takeNotes } from './notes.ts';
import type { ReadResult } from './reader.ts';
import { locatedObject } from './text/located.ts';

/** A device as the description has it; undefined values are left out. */
export interface DescribedDevice {
  readonly name: string;
  readonly driver: DriverName;
  readonly queues?: number | undefined;
  readonly vectors?: number | undefined;
  readonly node?: number | undefined;
  /** How it interrupts, where it is not by MSI-X. */
  readonly interrupts?: InterruptKind | undefined;
  /** False: no IOMMU covers it. */
  readonly remapped?: boolean | undefined;
  /** Name of the VMD controller that it is behind. */
  readonly behind?: string | undefined;
}

export interface DescriptionBuilder extends Notes {
  /** Sets a value; without a place it is a default of the product. */
  set(path: Path, value: unknown, place?: Location): void;
  /**
   * Adds a device. `places` tells where its values come from; the device itself stands at `place`. The name is
   * made printable and unique. Returns the path of the device.
   */
  device(
    device: DescribedDevice,
    place: Location | undefined,
    places?: Readonly<Partial<Record<keyof DescribedDevice, Location | undefined>>>,
  ): Path;
  result(): ReadResult;
}

/** An empty description; `by` names the product and its version, e.g. "Cloud Hypervisor 48". */
export function describedBy(by: string): DescriptionBuilder {
  const description = locatedObject();
  const notes = takeNotes(by);
  const names = new Set<string>();
  let devices = 0;
  return {
    ...notes,
    set: description.set,
    device(device, place, places = {}) {
      if (devices === LIMITS.devices) throw tooManyDevices(place);
      const path = ['devices', devices++];
      description.set(path, {}, place);
      const entries = Object.entries({ ...device, name: freeName(device.name, names) });
      for (const [key, value] of entries) {
        if (value === undefined) continue;
        const from = key === 'name' || key === 'driver' ? place : places[key as keyof DescribedDevice];
        description.set([...path, key], value, from);
      }
      return path;
    },
    result() {
      for (const [index, { part, mayHold, remedy, suppliedBy, at }] of notes.unread.entries()) {
        const path = ['notUnderstood', index];
        description.set(
          path,
          {
            part,
            ...(mayHold.length > 0 && { mayHold }),
            ...(remedy && { remedy }),
            ...(suppliedBy && { suppliedBy }),
          },
          at,
        );
      }
      return { raw: description.raw, assumptions: notes.assumptions, refusals: notes.refusals };
    },
  };
}

/** Said at once: the rest would cost time. */
export function tooManyDevices(place: Location | undefined): InputError {
  const message = `more than ${grouped(LIMITS.devices)} devices; the limit is ${grouped(LIMITS.devices)} devices`;
  return inputError(place?.file ?? '-', message, place?.line, place?.column);
}

/** A printable name that no other device has; the longest names are cut. */
function freeName(wanted: string, taken: Set<string>): string {
  const clean =
    wanted
      .replace(/[^ -~]/g, '?')
      .slice(0, 150)
      .trim() || 'device';
  let name = clean;
  for (let n = 2; taken.has(name); n++) name = `${clean}-${n}`;
  taken.add(name);
  return name;
}
