/** Captured machines with files that are damaged, missing, exchanged or somebody else's. */
import { archiveTree } from '../../src/cli/input/archive-tree.ts';
import { readMachineTree } from '../../src/formats/linux-capture/machine.ts';
import type { Tree } from '../../src/formats/linux-capture/tree.ts';
import { describe } from '../../src/questions/source.ts';
import { verifyCapture } from '../../src/questions/verify/verify.ts';
import { documentWriter } from '../../src/report/document/writer.ts';
import { verificationDocument, verificationJson } from '../../src/report/verification.ts';
import { checkText } from './check.ts';
import { mutated } from './mutate.ts';
import type { Random } from './random.ts';
import { accepts, reportOn } from './report.ts';
import type { Target } from './target.ts';

/** Very different ones: plain, plugged CPUs and two nodes, no remapping above 255, vectors used up, VT-d and plugging. */
const CAPTURES: readonly string[] = [
  'a-8v-flat-7.2',
  'b-10of16v-2node-smt-5.10',
  'd-apic316-noIR-6.12',
  'b8c-2v-exhausted-6.1',
  'q-8of8-2above255-kvmext-7.3',
  'j-16v-nvmesets-7.3',
];

interface Capture {
  readonly tree: Tree;
  /** Files that are read of it when nothing is wrong. */
  readonly paths: readonly string[];
}

interface Edit {
  readonly path: string;
  /** null: the file is not there. */
  readonly content: string | null;
}

const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('latin1');

/** The tree as if these files had other contents. */
function edited(tree: Tree, edits: readonly Edit[]): Tree {
  const changed = new Map(edits.map(({ path, content }) => [path, content]));
  return {
    read(path) {
      const content = changed.get(path);
      if (content === undefined) return tree.read(path);
      return content === null ? undefined : new Uint8Array(Buffer.from(content, 'latin1'));
    },
    list: (path) =>
      tree.list(path).filter((name) => changed.get(path === '' ? name : `${path}/${name}`) !== null),
    link: (path) => (changed.has(path) ? undefined : tree.link(path)),
  };
}

/** What was looked up, remembered: most files are those of the capture, in every input. */
function remembering(tree: Tree): Tree {
  const remember = <T>(look: (path: string) => T): ((path: string) => T) => {
    const known = new Map<string, T>();
    return (path) => {
      const found = known.get(path);
      if (found !== undefined || known.has(path)) return found as T;
      const looked = look(path);
      known.set(path, looked);
      return looked;
    };
  };
  return { read: remember(tree.read), list: remember(tree.list), link: remember(tree.link) };
}

async function captureOf(path: string): Promise<Capture> {
  const tree = remembering(await archiveTree(path));
  const paths = new Set<string>();
  const seen: Tree = {
    ...tree,
    read(at) {
      const bytes = tree.read(at);
      if (bytes) paths.add(at);
      return bytes;
    },
  };
  verifyCapture(seen, path);
  return { tree, paths: [...paths].sort() };
}

/** A new content of a file, near to the old one or not. */
function changedContent(old: string, other: string, random: Random): string | null {
  const lines = old.split('\n');
  const at = random.below(lines.length);
  switch (random.below(9)) {
    case 0:
      return null;
    case 1:
      return '';
    case 2:
      return other;
    case 3:
      return lines.toSpliced(at, 1).join('\n');
    case 4:
      return lines.toSpliced(at, 0, lines[random.below(lines.length)]).join('\n');
    case 5:
      return lines.slice(0, at).join('\n');
    case 6:
      return lines
        .with(
          at,
          lines[at].replace(/\d+/, () =>
            random.pick(['0', '1', '7', '255', '256', '99999', '-1', '4294967295', '0-9']),
          ),
        )
        .join('\n');
    default:
      // One line of it, so that the rest still has its form.
      return lines.with(at, mutated(lines[at], random)).join('\n');
  }
}

const STYLE = { width: 100, colour: 0 } as const;

async function verify(tree: Tree, random: Random): Promise<void> {
  const result = verifyCapture(tree, 'capture');
  if (random.oneIn(3)) JSON.stringify(verificationJson('capture', result, '0'));
  else {
    const { whole } = await documentWriter(random.pick(['text', 'markdown', 'html']));
    checkText('verify', whole(verificationDocument('capture', result, random.oneIn(2)), STYLE));
  }
}

async function analyse(tree: Tree, random: Random): Promise<void> {
  const result = readMachineTree(tree, 'capture');
  const { machine } = describe({ file: 'capture', format: 'machine', result });
  await reportOn(machine, random);
}

/** The targets on the captures in a folder. */
export async function treeTargets(folder: string): Promise<readonly Target[]> {
  const captures = await Promise.all(CAPTURES.map((name) => captureOf(`${folder}/${name}.tar.xz`)));
  const make = (random: Random): string => {
    const number = random.below(captures.length);
    const { tree, paths } = captures[number];
    const edits = Array.from({ length: 1 + random.below(4) }, () => {
      const path = random.pick(paths);
      const content = changedContent(text(tree.read(path)), text(tree.read(random.pick(paths))), random);
      return JSON.stringify({ path, content } satisfies Edit);
    });
    return [String(number), ...edits].join('\n');
  };
  const run = (act: (tree: Tree, random: Random) => Promise<void>) => (input: string, random: Random) => {
    const [number, ...edits] = input.split('\n');
    const { tree } = captures[Number(number)] ?? captures[0];
    const parsed = edits.filter((line) => line !== '').map((line) => JSON.parse(line) as Edit);
    return accepts(() => act(edited(tree, parsed), random), random);
  };
  return [
    { name: 'verify', weight: 3, make, run: run(verify) },
    { name: 'captures', weight: 2, make, run: run(analyse) },
  ];
}
