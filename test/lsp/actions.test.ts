import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { adviseMachine } from '../../src/questions/advise/advise-machine.ts';
import { ROOT } from '../built.ts';
import { askAbout } from './ask.ts';

const LINES = (first: number, last = first) => ({
  start: { line: first, character: 0 },
  end: { line: last, character: 0 },
});

const actions = (text: string, file: string, range = LINES(0, 100), disabled = true) =>
  askAbout(text, { about: 'actions', range, all: false, disabled, versioned: false }, file);

describe('an answer that the text has no place for', () => {
  const text = 'guest_os="linux"\ndisk_img="a"\ncpu_cores="300"\n';

  test('is shown with the reason', async () => {
    const [first] = await actions(text, 'guest.conf');
    expect(first.edit).toBeUndefined();
    expect(first.disabled?.reason).toMatch(/^nothing of it can be written into this input: /);
  });

  test('is left out for a client that does not know such', async () => {
    expect(await actions(text, 'guest.conf', LINES(0, 100), false)).toEqual([]);
  });
});

describe('the level to reach', () => {
  const text = readFileSync(join(ROOT, 'scenarios/hpet-message-interrupts.yaml'), 'utf8');

  test('is that of the worst finding that is pointed at', async () => {
    const said = await askAbout(text, { about: 'diagnostics' });
    const [{ code, severity, range }] = said;
    expect([code, severity]).toEqual(['hpet-msi-in-use', 3]);
    const [first] = await actions(text, 'guest.yaml', range);
    const document = TextDocument.create('', '', 1, text);
    const after = TextDocument.applyEdits(document, first.edit?.changes?.['file:///x/guest.yaml'] ?? []);
    const { answers } = await adviseMachine(text, { file: 'guest.yaml', level: 'note' });
    expect(after).toBe(answers[0].file?.text);
    expect(first.diagnostics?.map((one) => one.code)).toEqual(['hpet-msi-in-use']);
    expect(first.title).toBe('do without the HPET: 1 finding gone; revise `expect`');
  });

  test('is none where nobody points at any', async () => {
    expect(await actions(text, 'guest.yaml', LINES(0))).toEqual([]);
  });
});
