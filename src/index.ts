/**
 * The public API of irqsim: read a description, analyse it, and the engine's main functions. Everything
 * here is pure; reading files is the caller's business.
 */
export { type Analysis, analyze, type Summary, type Verdict } from './analyze.ts';
