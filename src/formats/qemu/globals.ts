/** `-global`: defaults of the properties of devices. */
import type { Fact, Props, QemuDevice } from './facts.ts';
import { switchValue, wholeNumber } from './props.ts';

/** One property of all devices of a driver. */
export interface Global {
  readonly driver: string;
  readonly property: string;
  readonly fact: Fact<string>;
}

/** "virtio-blk-pci.num-queues=4", or driver=, property= and value=. */
export function readGlobals(props: Props): Global[] {
  const value = props.get('value');
  if (value && props.has('driver')) {
    const [driver, property] = ['driver', 'property'].map((key) => props.get(key)?.value ?? '');
    return [{ driver, property, fact: value }];
  }
  return [...props].flatMap(([key, fact]) => {
    const dot = key.indexOf('.');
    return dot > 0 ? [{ driver: key.slice(0, dot), property: key.slice(dot + 1), fact }] : [];
  });
}

function lastGlobal(globals: readonly Global[], driver: string, property: string): Fact<string> | undefined {
  return globals.findLast((one) => one.driver === driver && one.property === property)?.fact;
}

/** The number that the last `-global` gives to a driver. Throws InputError for what is none. */
export function globalNumber(
  globals: readonly Global[],
  driver: string,
  property: string,
): Fact<number> | undefined {
  const found = lastGlobal(globals, driver, property);
  return found && { value: wholeNumber(found, `${driver}.${property}`), at: found.at };
}

/** The switch that the last `-global` gives to a driver. */
export function globalSwitch(
  globals: readonly Global[],
  driver: string,
  property: string,
): Fact<boolean> | undefined {
  const found = lastGlobal(globals, driver, property);
  return found && { value: switchValue(found, `${driver}.${property}`), at: found.at };
}

/** A device with what it has by default; "virtio-blk-device" is the inner part of virtio-blk-pci. */
export function withGlobals<Device extends QemuDevice>(device: Device, globals: readonly Global[]): Device {
  const inner = device.driver.replace(/-pci$/, '-device');
  const own = globals.filter(({ driver }) => driver === device.driver || driver === inner);
  if (own.length === 0) return device;
  const defaults = own.map(({ property, fact }) => [property, fact] as const);
  return { ...device, props: new Map([...defaults, ...device.props]) };
}
