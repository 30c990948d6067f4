/** What a verdict, or the level of a finding, is to the owner of the machine. */
import type { Verdict } from '../../findings/analyze.ts';
import type { Level } from '../../findings/rules/rule.ts';
import type { Tone } from '../document/block.ts';

export const VERDICT_TONES: Readonly<Record<Verdict, Tone>> = { pass: 'good', warn: 'doubt', fail: 'bad' };

export const LEVEL_TONES: Readonly<Record<Level, Tone>> = { error: 'bad', warning: 'doubt', note: 'note' };
