/** The devices of a description, with `count` expanded. */
import { suggestion } from './did-you-mean.ts';
import { DRIVER_NAMES, isDriverName } from './driver-names.ts';
import { grouped, LIMITS } from './limits.ts';
import { excerpt, type Path, type Problems, pathText } from './locate.ts';
import type { DeviceSpec, InterruptKind } from './machine.ts';
import type { DeviceInput } from './schema.ts';
import type { Budget } from './schema-budget.ts';
import { isOn } from './switch.ts';

/** Fields that other drivers decide for themselves. */
const GENERIC_ONLY = ['managed', 'preVectors', 'postVectors', 'interrupts'] as const;
/** How many interrupts it wants. */
const COUNTS = ['vectors', 'queues'] as const;
/** Fields of devices that send messages. */
const MESSAGES_ONLY = ['managed', 'preVectors', 'postVectors', 'remapped'] as const;

/** Interrupts that a device has at most, by their kind. */
const MOST: Readonly<Record<InterruptKind, number>> = { 'msi-x': 2048, msi: 32, line: 1 };

/**
 * Builds the devices, in probe order. `count: 4` makes name0 … name3, `count: 1` makes name0; without
 * `count` the name stays as it is. Notes problems; throws `InputError` at once past a limit.
 */
export function normaliseDevices(
  inputs: readonly DeviceInput[],
  highestNode: number,
  budget: Budget,
  problems: Problems,
): DeviceSpec[] {
  refuseTooMany(inputs, budget, problems);
  const devices: DeviceSpec[] = [];
  const pathOf = new Map<string, Path>();
  for (const [index, input] of inputs.entries()) {
    const path = ['devices', index];
    checkDevice(input, path, highestNode, problems);
    for (const device of expand(input, path)) {
      const other = pathOf.get(device.name);
      if (other) {
        const message = `${pathText(path)}: the name ${excerpt(device.name)} is taken by ${pathText(other)}`;
        problems.add([...path, 'name'], message);
        break;
      }
      pathOf.set(device.name, path);
      devices.push(device);
    }
  }
  checkControllers(inputs, devices, problems);
  return devices;
}

/** Fields of a device that is behind none. */
const NOT_BEHIND = ['remapped', 'interrupts'] as const;

/** `behind` names a device that is behind none itself and sends messages; the way of those is the controller's. */
function checkControllers(
  inputs: readonly DeviceInput[],
  devices: readonly DeviceSpec[],
  problems: Problems,
): void {
  for (const [index, input] of inputs.entries()) {
    const { behind } = input;
    // The empty name says that it is behind none.
    if (!behind) continue;
    const path = ['devices', index];
    const say = (key: string, message: string, at?: 'key') =>
      problems.add([...path, key], `${pathText(path)}: ${message}`, at);
    const controller = devices.find(({ name }) => name === behind);
    if (controller === undefined) {
      const names = devices.map(({ name }) => name);
      say('behind', `there is no device ${excerpt(behind)}${suggestion(behind, names, 'devices')}`);
    } else if (controller.behind !== null)
      say('behind', `${excerpt(behind)} is behind a controller itself: it can be none`);
    else if (controller.interrupts === 'line')
      say('behind', `${excerpt(behind)} sends no messages: it can be no controller`);
    for (const key of NOT_BEHIND)
      if (input[key] !== undefined) say(key, `${key} is for devices that are behind no controller`, 'key');
  }
}

/** Counts before anything is expanded, so that `count: 1000000000` is refused at once. */
function refuseTooMany(inputs: readonly DeviceInput[], budget: Budget, problems: Problems): void {
  let devices = 0;
  let vectors = 0;
  for (const input of inputs) {
    const count = input.count ?? 1;
    devices += count;
    vectors += count * (input.vectors ?? input.queues ?? 1);
  }
  if (devices > LIMITS.devices) {
    problems.add(['devices'], `${grouped(devices)} devices; the limit is ${grouped(LIMITS.devices)} devices`);
    problems.throwIfAny();
  }
  if (vectors > LIMITS.vectors) {
    const limit = `the limit is ${grouped(LIMITS.vectors)} vectors in all`;
    problems.add(['devices'], `the devices have ${grouped(vectors)} vectors; ${limit}`);
    problems.throwIfAny();
  }
  if (vectors > budget.vectors) {
    const limit = `the budget is ${grouped(budget.vectors)} in all; --set budget.vectors=${vectors} raises it`;
    problems.add(['devices'], `the devices have ${grouped(vectors)} vectors; ${limit}`);
    problems.throwIfAny();
  }
}

function checkDevice(input: DeviceInput, path: Path, highestNode: number, problems: Problems): void {
  const { driver, node } = input;
  if (!isDriverName(driver)) {
    const message = `unknown driver ${excerpt(driver)}${suggestion(driver, DRIVER_NAMES, 'drivers')}`;
    problems.add([...path, 'driver'], `${pathText(path)}: ${message}`);
  }
  if (node !== undefined && node > highestNode) {
    const message = `node ${node} does not exist, the highest node with CPUs or memory is ${highestNode}`;
    problems.add([...path, 'node'], `${pathText(path)}: ${message}`);
  }
  if (driver === 'generic') {
    checkInterrupts(input, path, problems);
    return;
  }
  for (const key of GENERIC_ONLY) {
    if (input[key] === undefined) continue;
    problems.add([...path, key], `${pathText(path)}: ${key} is only for driver generic`, 'key');
  }
}

/** One of an unknown driver, which is a problem already, stands in as generic: its name may be taken or asked for. */
/** What a device of this kind of interrupts cannot have. */
function checkInterrupts(input: DeviceInput, path: Path, problems: Problems): void {
  const kind = input.interrupts ?? 'msi-x';
  const most = MOST[kind];
  for (const key of COUNTS) {
    const value = input[key];
    if (value === undefined || value <= most || (key === 'queues' && kind !== 'line')) continue;
    const limit = most === 1 ? '1 interrupt' : `${most} interrupts`;
    const message = `a device with interrupts: ${kind} has ${limit} at most, not ${value}`;
    problems.add([...path, key], `${pathText(path)}: ${message}`);
  }
  if (kind !== 'line') return;
  for (const key of MESSAGES_ONLY) {
    if (input[key] === undefined) continue;
    problems.add([...path, key], `${pathText(path)}: ${key} is only for devices that send messages`, 'key');
  }
}

function expand(input: DeviceInput, path: Path): DeviceSpec[] {
  const { name, count, queues, vectors, node, preVectors, postVectors } = input;
  const driver = isDriverName(input.driver) ? input.driver : 'generic';
  const managed = input.managed === undefined ? undefined : isOn(input.managed, false);
  const interrupts = input.interrupts ?? 'msi-x';
  const remapped = isOn(input.remapped, true);
  const counted = { queues, vectors, managed, preVectors, postVectors };
  const behind = input.behind || null;
  const device = { name, driver, node, ...counted, interrupts, remapped, behind, path };
  if (count === undefined) return [device];
  return Array.from({ length: count }, (_, index) => ({ ...device, name: `${name}${index}` }));
}

/** The devices with those of `probeOrder` first, in that order. Notes names that no device has, and those that are there twice. */
export function inProbeOrder(
  names: readonly string[],
  inputs: readonly DeviceInput[],
  devices: readonly DeviceSpec[],
  problems: Problems,
): readonly DeviceSpec[] {
  if (names.length === 0) return devices;
  const known = devicesByName(inputs, devices);
  const first = new Set<string>();
  for (const [index, name] of names.entries()) {
    const group = known.get(name);
    const path = ['probeOrder', index];
    if (group === undefined)
      problems.add(
        path,
        `${pathText(path)}: there is no device ${excerpt(name)}${suggestion(name, [...known.keys()], 'devices')}`,
      );
    else if (group.some((one) => first.has(one)))
      problems.add(path, `${pathText(path)}: ${excerpt(name)} is there twice`);
    for (const one of group ?? []) first.add(one);
  }
  const byName = new Map(devices.map((device) => [device.name, device]));
  const early = [...first].flatMap((name) => byName.get(name) ?? []);
  return [...early, ...devices.filter(({ name }) => !first.has(name))];
}

/** What a device may be called → the devices that are meant: itself, or all of an entry with `count`. */
export function devicesByName(
  inputs: readonly DeviceInput[],
  devices: readonly DeviceSpec[],
): Map<string, string[]> {
  const named = new Map<string, string[]>();
  for (const { name, path } of devices) {
    const entry = inputs[path[1] as number].name;
    const group = named.get(entry);
    if (group) group.push(name);
    else named.set(entry, [name]);
  }
  for (const { name } of devices) named.set(name, [name]);
  return named;
}
