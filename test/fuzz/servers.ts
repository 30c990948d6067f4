/** What servers are asked: reviews of admission, and texts that somebody types in an editor. */
import { TextDocument } from 'vscode-languageserver-textdocument';
import { JOB, replyTo, reviewOf } from '../admission/ask.ts';
import { asker } from '../lsp/ask.ts';
import { checkText } from './check.ts';
import { textsOf } from './grammar.ts';
import { COMMON } from './grammars/common.ts';
import { KUBEVIRT_DOMAIN } from './grammars/small.ts';
import { mutated } from './mutate.ts';
import type { Random } from './random.ts';
import type { Target } from './target.ts';
import { description, TEXT_TARGETS } from './texts.ts';

/** In YAML's flow form; keys and words get their quotes afterwards. */
const guest = textsOf({
  ...COMMON,
  ...KUBEVIRT_DOMAIN,
  start: ['{ domain: <domain><volumes?> }'],
  volumes: [', volumes: [ { name: a, containerDisk: { image: x } } ]'],
});

/** YAML's flow form as JSON. */
const asJson = (flow: string): string =>
  flow
    .replace(/(?<![\w."-])([A-Za-z][\w.-]*)(?![\w."-])/g, '"$1"')
    .replace(/"(true|false)"/g, '$1')
    .replace(/"500m"|500m/g, '"500m"')
    .replace(/\b1Gi\b/g, '"1Gi"')
    .replace(/,\s*(?=[}\]])/g, '');

const UID = '705ab4f5-6393-11e8-b7cc-42010a800002';

function review(random: Random): string {
  const kind = random.pick(['VirtualMachine', 'VirtualMachineInstance', 'VirtualMachineInstance', 'Pod']);
  const spec = () => {
    const text = asJson(guest(random));
    return kind === 'VirtualMachine' ? `{"runStrategy":"Always","template":{"spec":${text}}}` : text;
  };
  const object = () =>
    `{"apiVersion":"kubevirt.io/v1","kind":"${kind}","metadata":{"name":"a","namespace":"b"},"spec":${spec()}}`;
  const operation = random.pick(['CREATE', 'CREATE', 'UPDATE', 'UPDATE', 'DELETE', 'CONNECT', 'OTHER']);
  const request = JSON.stringify({
    uid: UID,
    kind: { group: 'kubevirt.io', version: 'v1', kind },
    resource: { group: 'kubevirt.io', version: 'v1', resource: 'virtualmachines' },
    operation,
    namespace: 'b',
    name: random.pick(['a', '']),
    object: '@1',
    oldObject: operation === 'UPDATE' ? '@2' : null,
  });
  return JSON.stringify(reviewOf('@0'))
    .replace('"@0"', () => request)
    .replace('"@1"', object)
    .replace('"@2"', object);
}

async function playReview(body: string, random: Random): Promise<boolean> {
  const job = {
    failOn: random.pick(['error', 'warning', 'note', 'never'] as const),
    mode: random.pick(['open', 'closed'] as const),
    stack: random.oneIn(2) ? JOB.stack : {},
  };
  const bytes = new TextEncoder().encode(body);
  const ask = () => replyTo(bytes, job);
  const { code, text } = await ask();
  if ((await ask()).text !== text) throw new Error('untrue: the same review has the same reply');
  checkText('a reply', text);
  if (code !== 200) return false;
  const { response } = JSON.parse(text);
  const { uid, allowed, status } = response;
  if (typeof allowed !== 'boolean' || typeof uid !== 'string' || allowed !== (status === undefined))
    throw new Error(`untrue: who is refused is told why: ${text}`);
  if (JSON.parse(new TextDecoder().decode(bytes)).request.uid !== uid)
    throw new Error(`untrue: a reply to this request: ${text}`);
  return true;
}

/** The name of a file of the format. */
const FILES: Readonly<Record<string, string>> = { libvirt: 'guest.xml', qemu: 'run.sh', proxmox: '100.conf' };

/** The name of the file, what is typed, and the text. */
function typed(random: Random): string {
  const target = random.oneIn(3) ? undefined : random.pick(TEXT_TARGETS);
  const text = target ? target.make(random) : description(random);
  const file = FILES[target?.name ?? ''] ?? 'guest.yaml';
  return `${file} ${random.below(1_000_000)}\n${text}`;
}

/** Places are inside the text. */
function checkRange(document: TextDocument, range: { start: Place; end: Place }, of: string): void {
  const [start, end] = [document.offsetAt(range.start), document.offsetAt(range.end)];
  const inside = JSON.stringify(document.positionAt(end)) === JSON.stringify(range.end);
  if (start > end || !inside) throw new Error(`untrue: ${of} is in the text: ${JSON.stringify(range)}`);
}

interface Place {
  readonly line: number;
  readonly character: number;
}

async function askAll(text: string, file: string, at: number): Promise<boolean> {
  const document = TextDocument.create('file:///x', '', 1, text);
  const position = document.positionAt(at);
  const ask = asker(text, file);
  const said = await ask({ about: 'diagnostics' });
  for (const { range, code, message } of said) {
    if (code === 'internal-error') throw new Error(`an internal error: ${message}`);
    checkRange(document, range, `a diagnostic (${code})`);
  }
  const hover = await ask({ about: 'hover', position, markdown: true });
  if (hover?.range) checkRange(document, hover.range, 'a hover');
  await ask({ about: 'completions', position });
  await ask({ about: 'symbols' });
  await ask({ about: 'lenses' });
  if (at % 5 > 0) return true;
  const range = { start: position, end: position };
  await ask({ about: 'actions', range, all: at % 2 === 0, disabled: true, versioned: at % 3 === 0 });
  return true;
}

/** A text as it is opened, and as it is after something is typed into it. */
async function playTyped(input: string, random: Random): Promise<boolean> {
  const [, file = 'guest.yaml', number = '0', text = ''] = /^(\S+) (\d+)\n([\s\S]*)$/.exec(input) ?? [];
  const at = Number(number) % (text.length + 1);
  const isRead = await askAll(text, file, at);
  await askAll(mutated(text, random), file, 0);
  return isRead;
}

export const SERVER_TARGETS: readonly Target[] = [
  {
    name: 'reviews',
    weight: 8,
    make: (random) => (random.oneIn(4) ? mutated(review(random), random) : review(random)),
    run: playReview,
  },
  { name: 'documents', weight: 1, make: typed, run: playTyped },
];
