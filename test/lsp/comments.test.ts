/** Comments that suppress findings, while somebody types them. */
import { expect, test } from 'vitest';
import { askAbout } from './ask.ts';

const TEXT = 'platform: kvm\nextDestId: off\ncpus: [{ apicId: "0,0x100" }]\n';
const typed = (comment: string) =>
  askAbout(TEXT.replace('off', `off # ${comment}`), { about: 'diagnostics' });

test('what a comment suppresses is no diagnostic; a rule that does not exist is one at its place', async () => {
  const codes = (await typed('nothing yet')).map(({ code }) => code);
  expect(codes).toContain('apic-id-above-limit');
  const less = await typed('irqsim: ignore apic-id-above-limit -- known');
  expect(less.map(({ code }) => code)).toEqual(codes.filter((code) => code !== 'apic-id-above-limit'));
  const [wrong] = await typed('irqsim: ignore apic-id-above-limt -- known');
  expect(wrong.message).toContain('did you mean "apic-id-above-limit"?');
  expect(wrong.range.start).toEqual({ line: 1, character: 32 });
});
