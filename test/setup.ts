/** Property tests are the same in every run; FUZZ_SEED gives another seed, FUZZ_FACTOR more runs (budget.ts). */
import fc from 'fast-check';

const SEED = 20201008;
fc.configureGlobal({ seed: Number(process.env.FUZZ_SEED ?? SEED) });
