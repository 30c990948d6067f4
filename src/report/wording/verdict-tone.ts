/** What a verdict is to the owner of the machine. */
import type { Verdict } from '../../findings/analyze.ts';
import type { Tone } from '../document/block.ts';

export const VERDICT_TONES: Readonly<Record<Verdict, Tone>> = { pass: 'good', warn: 'doubt', fail: 'bad' };
