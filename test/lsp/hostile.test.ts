/** Whatever is typed: each question has an answer, with places inside the text. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { ROOT } from '../built.ts';
import { asker } from './ask.ts';

const texts = [
  ['guest.yaml', readFileSync(join(ROOT, 'scenarios/four-cpus-two-queues.yaml'), 'utf8')],
  ['run.sh', '#!/bin/sh\nN=8\nqemu-system-x86_64 -smp $N -device nvme,drive=x,serial=1\n'],
  [
    'guest.xml',
    "<domain type='kvm'><vcpu>4</vcpu><devices><disk><target dev='vda' bus='virtio'/></disk></devices></domain>\n",
  ],
  ['vm.yaml', readFileSync(join(ROOT, 'scenarios/imported/kubevirt-64-vcpus.yaml'), 'utf8')],
] as const;

async function askAll(text: string, file: string, offset: number): Promise<void> {
  const document = TextDocument.create('', '', 1, text);
  const position = document.positionAt(offset);
  const ask = asker(text, file);
  const said = await ask({ about: 'diagnostics' });
  for (const { range, code, message } of said) {
    expect(code, String(message)).not.toBe('internal-error');
    expect(document.offsetAt(range.start)).toBeLessThanOrEqual(document.offsetAt(range.end));
    expect(document.positionAt(document.offsetAt(range.end))).toEqual(range.end);
  }
  await ask({ about: 'hover', position, markdown: true });
  await ask({ about: 'completions', position });
  await ask({ about: 'symbols' });
  await ask({ about: 'lenses' });
}

test('texts cut, doubled and sprinkled with signs', async () => {
  const sign = fc.constantFrom(
    '\r',
    '\n',
    '\t',
    '"',
    "'",
    '{',
    '[',
    ':',
    '- ',
    '<',
    '&a ',
    '*a',
    '\ud83d',
    '\0',
    '\ufeff',
    '$(',
    '`',
    '#',
    '!!x ',
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...texts), fc.nat(), fc.nat(), sign, async ([file, text], a, b, put) => {
      const [from, to] = [a % text.length, b % text.length].sort((x, y) => x - y);
      await askAll(text.slice(0, from) + put + text.slice(to), file, from);
    }),
    { numRuns: 60 },
  );
});

test.each([
  ['deep.yaml', `kernel: ${'['.repeat(5000)}`],
  ['deep.json', `{"kernel":${'{"a":'.repeat(5000)}`],
  ['laughs.yaml', `kernel: &a [${'x, '.repeat(50)}]\n${'b: [*a, *a]\n'.repeat(50)}`],
  ['entities.xml', '<!DOCTYPE d [<!ENTITY a "aaaa">]><domain type="kvm"><name>&a;</name></domain>'],
  ['vast.yaml', 'topology: { sockets: 1000000000 }\n'],
  ['prototype.yaml', 'kernel: "6.1"\n__proto__: { devices: 1 }\nconstructor: 2\n'],
  ['loop.sh', 'while :; do N=$N$N; done; qemu-system-x86_64 -smp $N\n'],
  ['long.yaml', `kernel: "6.1"\nname: ${'x'.repeat(200_000)}\n`],
])('%s', async (file, text) => {
  await askAll(text, file, Math.floor(text.length / 2));
});
