/**
 * `irqsim init`: a commented description to begin with. Keys, comments and defaults are those of the schema, so that
 * the text cannot go stale; what is usual on a platform is a table of facts (template-platforms.ts).
 */
import { type Analysis, analyze } from '../../findings/analyze.ts';
import { native } from '../../formats/native/reader.ts';
import { POLICIES } from '../../linux/policy/index.ts';
import { DRIVER_NAMES } from '../../machine/driver-names.ts';
import type { Platform } from '../../machine/machine.ts';
import { machineJsonSchema } from '../../machine/schema.ts';
import { machineOf } from '../../questions/source.ts';
import { exampleValues, type Mapping } from './template-examples.ts';
import {
  commentLines,
  defaultsOf,
  entryLines,
  MORE,
  propertiesOf,
  type SchemaNode,
  sentence,
} from './template-lines.ts';
import { PLATFORM_FACTS, type PlatformFacts, type Shape, type UsualDevice } from './template-platforms.ts';

export interface TemplateRequest {
  readonly platform: Platform;
  /** Absent: what is usual on the platform. */
  readonly shape?: Shape | undefined;
}

/** Keys that are written out on every platform. */
const ALWAYS: readonly string[] = ['name', 'kernel', 'platform', 'topology', 'devices'];

/** Threads and sockets as they are usual on the platform, if they divide the number of CPUs. */
export function shapeOf(platform: Platform, cpus: number): Shape {
  const { sockets, threads } = PLATFORM_FACTS[platform].shape;
  const cores = cpus / (sockets * threads);
  return Number.isInteger(cores) ? { sockets, cores, threads } : { sockets: 1, cores: cpus, threads: 1 };
}

/** The keys of a description, in the order of the schema. */
const SCHEMA = propertiesOf(machineJsonSchema() as SchemaNode);

/**
 * The text of a description of a machine of this platform, with every key there is: those worth a decision with
 * their values, all others as comments. Throws InputError for a shape past the limits.
 */
export function machineTemplate({ platform, shape }: TemplateRequest): string {
  const facts = PLATFORM_FACTS[platform];
  const starting = startingValues(platform, facts, shape ?? facts.shape);
  const analysis = analyze(machineOf(rawSource(starting)));
  const values = writtenValues(analysis, facts, starting);
  const examples = exampleValues(analysis);
  const entry = (key: string) => [
    '',
    ...about(key, SCHEMA[key]),
    ...entryLines(key, SCHEMA[key], values[key], examples),
  ];
  const written = Object.keys(SCHEMA).filter((key) => Object.hasOwn(values, key));
  const others = Object.keys(SCHEMA).filter((key) => !Object.hasOwn(values, key));
  const lines = [...headLines(facts.title), ...written.flatMap(entry), '', ...MORE, ...others.flatMap(entry)];
  return `${lines.join('\n')}\n`;
}

const headLines = (title: string): string[] => [
  '# yaml-language-server: $schema=./irqsim.schema.json',
  `# ${title}, for irqsim. The report: irqsim analyze FILE`,
  '# The schema, for editors that complete and check: irqsim schema > irqsim.schema.json',
];

/** A description that only this program has written: nothing in it has a place in a file. */
function rawSource(value: Mapping) {
  const raw = { value, locate: () => undefined };
  return { file: 'init', format: native.name, result: { raw, assumptions: [], refusals: [] } };
}

function startingValues(platform: Platform, facts: PlatformFacts, shape: Shape): Mapping {
  return {
    name: facts.name,
    platform,
    topology: topologyValues(platform, shape),
    ...facts.usual,
    devices: facts.devices.map((device) => deviceValues(device, shape)),
  };
}

/** A node a socket, where sockets are real. */
function topologyValues(platform: Platform, shape: Shape): Mapping {
  return platform === 'bare-metal' && shape.sockets <= 64 ? { ...shape, nodes: shape.sockets } : { ...shape };
}

function deviceValues({ perCpu, ...device }: UsualDevice, { sockets, cores, threads }: Shape): Mapping {
  return perCpu === undefined
    ? device
    : { ...device, queues: Math.max(1, Math.min(perCpu, sockets * cores * threads)) };
}

/** The keys that are written out: what the platform table says, else what the machine took as default. */
function writtenValues({ machine }: Analysis, { keys }: PlatformFacts, starting: Mapping): Mapping {
  const { timers, hpet, kernel, remapping, extDestId } = machine;
  const taken: Mapping = {
    timers,
    hpet,
    kernel: kernel.text,
    remapping: { enabled: remapping.enabled },
    extDestId: { offered: extDestId },
  };
  const names = Object.keys(SCHEMA).filter((key) => ALWAYS.includes(key) || keys.includes(key));
  return Object.fromEntries(
    names.map((key) => {
      const inParts = !ALWAYS.includes(key) && Object.keys(propertiesOf(SCHEMA[key])).length > 0;
      const value = inParts
        ? { ...defaultsOf(SCHEMA[key]), ...(taken[key] as Mapping), ...(starting[key] as Mapping) }
        : (starting[key] ?? taken[key] ?? SCHEMA[key].default);
      return [key, value];
    }),
  );
}

/** What the schema says about a key, with the names that it leaves to other floors. */
function about(key: string, node: SchemaNode): string[] {
  const names: Mapping = {
    devices: ` Drivers: ${DRIVER_NAMES.join(', ')}.`,
    policy: ` One of ${POLICIES.map(({ name }) => name).join(', ')}.`,
  };
  return commentLines(`${sentence(node)}${names[key] ?? ''}`);
}
