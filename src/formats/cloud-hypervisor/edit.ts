/** Writes intents into Cloud Hypervisor configurations: the JSON of its REST interface, or a command line. */
import type { Location, Path } from '../../machine/locate.ts';
import { cpuCount } from '../../machine/topology.ts';
import type { EditTarget, Proposals } from '../editor.ts';
import type { Intent, TopologyIntent } from '../intent.ts';
import { readJson } from '../text/json.ts';
import { runsOf, splitCommands, type Word } from '../text/shell.ts';
import { editsInWord, extentOf, quotedWord } from '../text/shell-edit.ts';
import { applyEdits, insertion, offsetOf, type TextEdit } from '../text/text-edits.ts';
import { valueAt } from '../text/values.ts';
import { changeWords, type WordChange, wordEdits } from '../text/words.ts';
import { changeWordsInYaml, setInYaml } from '../text/yaml-text.ts';
import { optionsOf, settings } from './command-line.ts';
import { isProgram } from './reader.ts';

type QueueIntent = Extract<Intent, { kind: 'queues' }>;

/** Texts with an intent written in. */
export async function writeCloudHypervisor(target: EditTarget): Promise<Proposals> {
  if (target.text.includes('\0')) return [];
  return /^\s*\{/.test(target.text) ? writeJson(target) : writeCommand(target);
}

/** num_queues counts both directions of a network device. */
function queueCount({ before }: EditTarget, { device, queues }: QueueIntent): number {
  return valueAt(before.raw.value, [...device, 'driver']) === 'virtio-net' ? 2 * queues : queues;
}

/** Threads, cores, dies and packages; undefined if they cannot say it. */
function levels(wanted: TopologyIntent): readonly number[] | undefined {
  const { sockets, dies, modules, cores, threads, max } = wanted;
  return modules === 1 && cpuCount(wanted) === max ? [threads, cores, dies, sockets] : undefined;
}

/** One package of single threads, which is what no topology means. */
function isFlat({ sockets, dies, modules, threads }: TopologyIntent): boolean {
  return sockets * dies * modules * threads === 1;
}

const LEVEL_KEYS = ['threads_per_core', 'cores_per_die', 'dies_per_package', 'packages'];

async function writeJson(target: EditTarget): Promise<Proposals> {
  const { text, intent } = target;
  const config = readJson(text).value;
  switch (intent.kind) {
    case 'topology': {
      const { max, present } = intent.topology;
      const counts = levels(intent.topology);
      const topology = counts && Object.fromEntries(LEVEL_KEYS.map((key, index) => [key, counts[index]]));
      const cpus = {
        boot_vcpus: present,
        ...(valueAt(config, ['cpus', 'max_vcpus']) === undefined && max === present
          ? {}
          : { max_vcpus: max }),
      };
      const full = topology && (await setAll(text, ['cpus'], { ...cpus, topology }));
      const plain = valueAt(config, ['cpus', 'topology']) === undefined && isFlat(intent.topology);
      return [plain ? await setAll(text, ['cpus'], cpus) : null, full ?? null];
    }
    case 'queues': {
      const path = deviceInJson(text, config, target.before.raw.locate(intent.device));
      return path ? [await setInYaml(text, [...path, 'num_queues'], queueCount(target, intent))] : [];
    }
    case 'parameters':
      return parametersInJson(text, config, intent);
    default:
      return [];
  }
}

async function setAll(
  text: string,
  path: Path,
  values: Readonly<Record<string, unknown>>,
): Promise<string | null> {
  let now: string | null = text;
  for (const [key, value] of Object.entries(values)) {
    if (now !== null) now = await setInYaml(now, [...path, key], value);
  }
  return now;
}

/** The device of a list that begins at a place. */
function deviceInJson(text: string, config: unknown, place: Location | undefined): Path | undefined {
  const offset = place && offsetOf(text, place);
  const { offset: offsetAt } = readJson(text);
  const paths = ['disks', 'net', 'fs'].flatMap((list) => {
    const devices = valueAt(config, [list]);
    return Array.isArray(devices) ? devices.map((_, index): Path => [list, index]) : [];
  });
  return paths.find((path) => offsetAt(path) === offset);
}

async function parametersInJson(text: string, config: unknown, change: WordChange): Promise<Proposals> {
  const paths: readonly Path[] = [
    ['payload', 'cmdline'],
    ['cmdline', 'args'],
  ];
  const path = paths.find((one) => typeof valueAt(config, one) === 'string');
  const changed = path && changeWords(String(valueAt(config, path)), change);
  if (!path || changed === undefined || changed === null) return [];
  return [await changeWordsInYaml(text, path, change), await setInYaml(text, path, changed)];
}

function writeCommand(target: EditTarget): Proposals {
  const { text, intent } = target;
  const options = optionsOf(runsOf(splitCommands(text), isProgram).at(target.index) ?? []);
  const firstOf = (name: string) => options.findLast(({ option }) => option === name)?.values.at(0);
  switch (intent.kind) {
    case 'topology': {
      const cpus = firstOf('cpus');
      return cpus ? cpuOptions(cpus, intent.topology).map((entries) => setEntries(text, cpus, entries)) : [];
    }
    case 'queues': {
      const place = target.before.raw.locate(intent.device);
      const offset = place && offsetOf(text, place);
      const word = options.flatMap(({ values }) => values).find(({ at }) => at(0) === offset);
      return word ? [setEntries(text, word, { num_queues: queueCount(target, intent) })] : [];
    }
    case 'parameters': {
      const word = firstOf('cmdline');
      return word ? parametersInWord(text, word, intent) : [];
    }
    default:
      return [];
  }
}

type Entries = Readonly<Record<string, number | string>>;

/** `--cpus boot=,max=,topology=`, without the topology where it says nothing new. */
function cpuOptions(word: Word, wanted: TopologyIntent): readonly Entries[] {
  const { max, present } = wanted;
  const written = settings(word.text).map(({ key }) => key);
  const counts = { boot: present, ...(!written.includes('max') && max === present ? {} : { max }) };
  const topology = levels(wanted)?.join(':');
  return [
    ...(written.includes('topology') || !isFlat(wanted) ? [] : [counts]),
    ...(topology === undefined ? [] : [{ ...counts, topology }]),
  ];
}

/** Sets key=value parts of a word; new ones come last. */
function setEntries(text: string, word: Word, entries: Entries): string | null {
  const written = settings(word.text);
  const edits = Object.entries(entries).map(([key, value]): TextEdit => {
    const old = written.find((one) => one.key === key);
    if (!old) return insertion(word.text.length, `,${key}=${value}`);
    return { start: old.index, end: old.index + old.value.length, text: String(value) };
  });
  const moved = editsInWord(word, edits);
  return moved && applyEdits(text, moved);
}

function parametersInWord(text: string, word: Word, change: WordChange): Proposals {
  const edits = wordEdits(word.text, change);
  const inPlace = edits && editsInWord(word, edits);
  const changed = changeWords(word.text, change);
  const anew = changed === null ? null : quotedWord(changed);
  return [
    inPlace && applyEdits(text, inPlace),
    anew === null ? null : applyEdits(text, [{ ...extentOf(text, word), text: anew }]),
  ];
}
