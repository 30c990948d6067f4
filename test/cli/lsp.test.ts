/** The language server against its protocol, in this process; the built program and a real client at the end. */
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import {
  CancellationTokenSource,
  type CodeAction,
  type CodeLens,
  type Diagnostic,
  type DocumentSymbol,
  ErrorCodes,
  LSPErrorCodes,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { type Analyst, cancelled, NoAnswer } from '../../src/cli/lsp/analyst.ts';
import type { Finding } from '../../src/findings/rules/rule.ts';
import { builtProgram } from '../built.ts';
import { type Client, clientHere, clientOfProgram } from '../lsp/client.ts';
import { irqsim, ROOT } from './irqsim.ts';

const NATIVE = readFileSync(join(ROOT, 'scenarios/384-of-512-vcpus.yaml'), 'utf8');
const SCRIPT = readFileSync(join(ROOT, 'scenarios/imported/qemu-288-vcpus.sh'), 'utf8');
const KUBEVIRT = readFileSync(join(ROOT, 'scenarios/imported/kubevirt-64-vcpus.yaml'), 'utf8');
const DOMAIN = `<domain type='kvm'>
  <name>gäst 🐧</name>
  <vcpu>288</vcpu>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <devices>
    <disk type='file' device='disk'>
      <source file='/disk'/><target dev='vda' bus='virtio'/>
    </disk>
  </devices>
</domain>
`;
/** A project file: such a libvirt refuses the KubeVirt guest. */
const OLD_LIBVIRT = 'stack: { libvirt: "10.5" }\n';
const FINE = 'kernel: "6.1"\ntopology: { cores: 2 }\n';

const folder = (): string => mkdtempSync(join(tmpdir(), 'irqsim-lsp-'));
const uriIn = (where: string, file: string): string => pathToFileURL(join(where, file)).href;

/** What is under the range of a diagnostic. */
function marked(text: string, { range }: Pick<Diagnostic, 'range'>): string {
  return TextDocument.create('', '', 1, text).getText(range);
}

const codes = (said: readonly Diagnostic[]) => said.map(({ code }) => code);

const ask = <T>(client: Client, method: string, uri: string, more: object = {}): Promise<T> =>
  client.connection.sendRequest(`textDocument/${method}`, { textDocument: { uri }, ...more });

/** The actions for the first diagnostic with a code. */
function actionsAt(client: Client, uri: string, said: readonly Diagnostic[], code: string, only?: string[]) {
  const range = said.find((one) => one.code === code)?.range;
  const context = { diagnostics: [], ...(only ? { only } : {}) };
  return ask<CodeAction[]>(client, 'codeAction', uri, { range, context });
}

/** A text with an action taken. */
function taken(text: string, uri: string, { edit }: CodeAction): string {
  return TextDocument.applyEdits(TextDocument.create(uri, '', 1, text), edit?.changes?.[uri] ?? []);
}

/** What `advise --fix` makes of a file. */
async function fixed(where: string, file: string, text: string): Promise<string> {
  writeFileSync(join(where, file), text);
  await irqsim(['advise', '--fix', file], { cwd: where });
  return readFileSync(join(where, file), 'utf8');
}

test('begins and ends by the protocol', async () => {
  expect(await (await clientHere()).end()).toBe(0);
  const rude = await clientHere();
  await rude.connection.sendNotification('exit');
  expect(await rude.exited).toBe(1);
  const gone = await clientHere();
  gone.hangUp();
  expect(await gone.exited).toBe(1);
});

test('answers between initialize and shutdown only', async () => {
  const where = { textDocument: { uri: 'file:///x/guest.yaml' } };
  const early = await clientHere({ begin: false });
  const lens = () => early.connection.sendRequest('textDocument/codeLens', where);
  await expect(lens()).rejects.toMatchObject({ code: ErrorCodes.ServerNotInitialized });
  const { capabilities } = await early.begin();
  expect(Object.keys(capabilities)).toEqual(
    expect.arrayContaining(['hoverProvider', 'completionProvider', 'codeActionProvider', 'codeLensProvider']),
  );
  expect(await lens()).toEqual([]);
  await early.connection.sendRequest('shutdown');
  await expect(lens()).rejects.toMatchObject({ code: ErrorCodes.InvalidRequest });
  await early.connection.sendNotification('exit');
  expect(await early.exited).toBe(0);
});

test('a client that can is asked to watch project files', async () => {
  const watching = await clientHere({
    begin: false,
    capabilities: { workspace: { didChangeWatchedFiles: { dynamicRegistration: true } } },
  });
  const asked = new Promise((resolve) => watching.connection.onRequest('client/registerCapability', resolve));
  await watching.begin();
  expect(await asked).toMatchObject({
    registrations: [
      {
        method: 'workspace/didChangeWatchedFiles',
        registerOptions: { watchers: [{ globPattern: '**/.irqsim.yaml' }] },
      },
    ],
  });
  await watching.end();
});

test.each([
  ['guest.yaml', NATIVE, 'apic-id-above-limit', 'false'],
  ['run.sh', SCRIPT, 'apic-id-above-limit', '#!/bin/sh'],
  ['guest.xml', DOMAIN, 'hypervisor-refuses', '288'],
  ['vm.yaml', KUBEVIRT, 'hypervisor-refuses', '64'],
])(
  'findings of %s are where analyze has them, and its fix is that of advise',
  async (file, text, code, word) => {
    const where = folder();
    const uri = uriIn(where, file);
    const client = await clientHere();
    writeFileSync(join(where, '.irqsim.yaml'), OLD_LIBVIRT);
    const said = await client.open(uri, text);
    writeFileSync(join(where, file), text);
    const { out } = await irqsim(['analyze', '--format', 'json', file], { cwd: where });
    const { findings } = JSON.parse(out);
    expect(codes(said)).toEqual(findings.map(({ rule }: { rule: string }) => rule));
    for (const [n, { location, message }] of findings.entries() as [
      number,
      Pick<Finding, 'location' | 'message'>,
    ][]) {
      expect(String(said[n].message).split('\n')[0]).toBe(message);
      const line = location ? location.line : 1;
      if (!location || location.file === file) expect(said[n].range.start.line).toBe(line - 1);
      if (location?.file === file) expect(said[n].range.start.character).toBe(location.column - 1);
    }
    expect(marked(text, said[0])).toBe(word);
    const [action] = await actionsAt(client, uri, said, code);
    expect(action.isPreferred).toBe(true);
    expect(taken(text, uri, action)).toBe(await fixed(where, file, text));
    expect(await client.end()).toBe(0);
  },
);

test('places are right with a byte order mark, line ends of two characters and characters of two units', async () => {
  const client = await clientHere();
  const lines = [
    'name: "🐧🐧"',
    'kernel: "6.12"',
    'topology: { sockets: 8 } ',
    'devices: [{ name: "🐧", driver: nvm }]',
    '',
  ];
  for (const text of [lines.join('\n'), lines.join('\r\n'), `\ufeff${lines.join('\r\n')}`]) {
    const uri = `file:///x/${text.length}.yaml`;
    const said = await client.open(uri, text);
    expect(codes(said)).toEqual(['unreadable']);
    expect(said[0].range.start.line).toBe(3);
    expect(marked(text, said[0])).toBe('nvm');
  }
  const bom = `\ufeffkernel: "9.9"\ntopology: { sockets: 8 }\n`;
  const [first] = await client.open('file:///x/bom.yaml', bom);
  expect(marked(bom, first)).toBe('"9.9"');
  await client.end();
});

test.each([
  ['a.yaml', 'on: push\njobs: {}\n'],
  ['compose.yaml', 'services:\n  a: { image: b }\n'],
  ['drone.yml', 'kind: pipeline\ntype: docker\nname: x\nplatform: { arch: amd64 }\nsteps: []\n'],
  ['pod.yaml', 'apiVersion: v1\nkind: Pod\n'],
  ['build.sh', '#!/bin/sh\nmake all\n'],
  ['pool.xml', '<pool type="dir"><name>x</name></pool>'],
  ['notes.md', '```\n[    0.1] smpboot: CPU 255 has invalid APIC ID ff. Aborting bringup\n```\n'],
  ['empty.yaml', ''],
])('nothing is said of %s', async (file, text) => {
  const client = await clientHere();
  const uri = `file:///x/${file}`;
  expect(await client.open(uri, text)).toEqual([]);
  expect(await ask(client, 'codeLens', uri)).toEqual([]);
  expect(await ask(client, 'documentSymbol', uri)).toEqual([]);
  expect(await ask(client, 'hover', uri, { position: { line: 0, character: 0 } })).toBeNull();
  expect(
    await actionsAt(
      client,
      uri,
      [
        {
          range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
          code: 'x',
          message: '',
        },
      ],
      'x',
    ),
  ).toEqual([]);
  await client.end();
});

test('the text as it is typed is what counts, of several at once', async () => {
  const client = await clientHere();
  const where = folder();
  const [one, other] = [uriIn(where, 'one.yaml'), uriIn(where, 'other.yaml')];
  writeFileSync(join(where, 'one.yaml'), FINE);
  expect(codes(await client.open(one, NATIVE))).toContain('apic-id-above-limit');
  expect(await client.open(other, FINE)).toEqual([]);
  expect(codes(await client.change(one, `${FINE}kernle: 1\n`, 2))).toEqual(['unreadable']);
  expect(await client.change(one, FINE, 3)).toEqual([]);
  const changed = client.told(other, 2);
  await client.connection.sendNotification('textDocument/didChange', {
    textDocument: { uri: other, version: 2 },
    contentChanges: [
      { range: { start: { line: 1, character: 19 }, end: { line: 1, character: 20 } }, text: '0' },
    ],
  });
  expect(codes(await changed)).toEqual(['unreadable']);
  const closed = client.told(other);
  await client.connection.sendNotification('textDocument/didClose', { textDocument: { uri: other } });
  expect(await closed).toEqual([]);
  await client.end();
});

test('project file and baseline of the folder count, and what is wrong with them is said', async () => {
  const where = folder();
  const uri = uriIn(where, 'guest.yaml');
  const project = join(where, '.irqsim.yaml');
  writeFileSync(join(where, 'guest.yaml'), NATIVE);
  writeFileSync(project, 'levels: { apic-id-above-limit: note }\ndocs: https://irqs.example/\n');
  const client = await clientHere();
  const again = () => {
    const said = client.told(uri);
    void client.connection.sendNotification('textDocument/didSave', { textDocument: { uri } });
    return said;
  };
  const found = (await client.open(uri, NATIVE)).find(({ code }) => code === 'apic-id-above-limit');
  expect(found?.severity).toBe(3);
  expect(found?.codeDescription?.href).toBe('https://irqs.example/docs/rules/apic-id-above-limit.html');
  expect(found?.relatedInformation?.at(-1)).toEqual({
    message: 'the level is set here; it would be error',
    location: {
      uri: uriIn(where, '.irqsim.yaml'),
      range: { start: { line: 0, character: 10 }, end: { line: 0, character: 10 } },
    },
  });
  writeFileSync(project, 'levels: { apic-id-above-limt: note }\n');
  const [wrong, ...more] = await again();
  expect(more).toEqual([]);
  expect(wrong).toMatchObject({
    code: 'settings',
    severity: 1,
    message: expect.stringContaining('.irqsim.yaml:1:11: '),
  });
  await irqsim(['analyze', '--no-config', '--write-baseline', 'known.json', 'guest.yaml'], { cwd: where });
  const itself = uriIn(where, '.irqsim.yaml');
  const [mistake] = await client.open(itself, 'levels: { sparse-apic-ids: of }\n');
  expect(mistake).toMatchObject({ code: 'unreadable', range: { start: { line: 0, character: 27 } } });
  expect(await client.change(itself, 'levels: { sparse-apic-ids: off }\n', 2)).toEqual([]);
  writeFileSync(project, 'baseline: known.json\n');
  expect(await again()).toEqual([]);
  const [lens] = await ask<CodeLens[]>(client, 'codeLens', uri);
  expect(lens.command?.title).toMatch(/^PASS .*\(4 findings suppressed\)$/);
  await client.end();
});

test('the verdict stands above each machine, and devices are listed', async () => {
  const client = await clientHere();
  const uri = 'file:///x/guest.yaml';
  await client.open(uri, NATIVE);
  expect(await ask(client, 'codeLens', uri)).toEqual([
    {
      range: { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } },
      command: {
        title: 'FAIL  256 of 384 plugged CPUs reachable; 5 of 16 queues dead, 11 at risk',
        command: '',
      },
    },
  ]);
  const [machine] = await ask<DocumentSymbol[]>(client, 'documentSymbol', uri);
  expect(machine.children?.map(({ name, detail }) => [name, detail])).toEqual([
    ['disk', 'virtio-blk, 16 queues: 11 at-risk, 5 dead'],
  ]);
  const two = `${KUBEVIRT.trimEnd()}\n---\n${KUBEVIRT}`;
  const list = 'file:///x/list.yaml';
  const said = await client.open(list, two);
  const half = KUBEVIRT.trimEnd().split('\n').length;
  const lenses = await ask<CodeLens[]>(client, 'codeLens', list);
  expect(lenses.map(({ range }) => range.start.line >= half)).toEqual([false, true]);
  expect(said.filter(({ range }) => range.start.line >= half)).toHaveLength(said.length / 2);
  const symbols = await ask<DocumentSymbol[]>(client, 'documentSymbol', list);
  expect(symbols.map(({ children }) => children?.length)).toEqual([3, 3]);
  await client.end();
});

test('all that advise --fix writes is one action, for several machines too', async () => {
  const where = folder();
  const uri = uriIn(where, 'two.yaml');
  const two = `${KUBEVIRT.trimEnd()}\n---\n${KUBEVIRT}`;
  writeFileSync(join(where, '.irqsim.yaml'), OLD_LIBVIRT);
  const client = await clientHere();
  const said = await client.open(uri, two);
  const [all, ...more] = await actionsAt(client, uri, said, String(said[0].code), ['source.fixAll']);
  expect(more).toEqual([]);
  expect(all.kind).toBe('source.fixAll.irqsim');
  expect(taken(two, uri, all)).toBe(await fixed(where, 'two.yaml', two));
  await client.end();
});

test('edits name the version for a client that takes it, and what cannot be written is shown as such', async () => {
  const versioned = await clientHere({
    capabilities: { workspace: { workspaceEdit: { documentChanges: true } } },
  });
  const uri = 'file:///x/guest.yaml';
  const said = await versioned.open(uri, NATIVE);
  const [action] = await actionsAt(versioned, uri, said, 'apic-id-above-limit');
  expect(action.edit?.documentChanges).toMatchObject([
    { textDocument: { uri, version: 1 }, edits: [{ newText: 'true' }] },
  ]);
  await versioned.end();
});

/** An analyst that answers when it is told to, and knows what nobody wants any more. */
function slowAnalyst(): { readonly analyst: Analyst; readonly asked: AbortSignal[] } {
  const asked: AbortSignal[] = [];
  const ask: Analyst['ask'] = (_, signal) => {
    asked.push(signal);
    return new Promise((__, reject) => signal.addEventListener('abort', () => reject(cancelled())));
  };
  return { analyst: { ask, end: () => {} }, asked };
}

test('a request that the client cancels ends, and so does the analysis of a text that was changed', async () => {
  const { analyst, asked } = slowAnalyst();
  const client = await clientHere({ analyst });
  const uri = 'file:///x/guest.yaml';
  const textDocument = { uri, languageId: 'yaml', version: 1, text: NATIVE };
  await client.connection.sendNotification('textDocument/didOpen', { textDocument });
  await expect.poll(() => asked.length).toBe(1);
  await client.connection.sendNotification('textDocument/didChange', {
    textDocument: { uri, version: 2 },
    contentChanges: [{ text: FINE }],
  });
  await expect.poll(() => asked.map(({ aborted }) => aborted)).toEqual([true, false]);
  const source = new CancellationTokenSource();
  const hover = client.connection.sendRequest(
    'textDocument/hover',
    { textDocument: { uri }, position: { line: 0, character: 0 } },
    source.token,
  );
  await expect.poll(() => asked.length).toBe(3);
  source.cancel();
  await expect(hover).rejects.toMatchObject({ code: LSPErrorCodes.RequestCancelled });
  await client.end();
});

test('what goes wrong in an analysis is a diagnostic', async () => {
  const ask: Analyst['ask'] = () => Promise.reject(new NoAnswer('it took longer than 20 s'));
  const client = await clientHere({ analyst: { ask, end: () => {} } });
  const [said] = await client.open('file:///x/guest.yaml', NATIVE);
  expect(said).toMatchObject({
    code: 'no-analysis',
    message: 'this text could not be analysed: it took longer than 20 s',
  });
  await client.end();
});

test('the built program serves on its standard streams, with options', async () => {
  const client = await clientOfProgram(['--stdio', '--level', 'apic-id-above-limit=note']);
  const said = await client.open('untitled:guest.yaml', NATIVE);
  expect(said.find(({ code }) => code === 'apic-id-above-limit')?.severity).toBe(3);
  expect(await client.end()).toBe(0);
});

test('only this command loads the packages of the protocol: no pack has them', () => {
  const chunks = join(dirname(builtProgram()), '../dist/cli');
  const names = readdirSync(chunks).filter((name) => /\.(?:js|pack)$/.test(name));
  const holding = names.filter((name) =>
    readFileSync(join(chunks, name), 'utf8').includes('textDocument/didOpen'),
  );
  expect(holding).toEqual([expect.stringMatching(/^lsp-\w+\.js$/)]);
});
