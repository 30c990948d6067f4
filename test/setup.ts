/** Property tests are the same in every run; FC_SEED gives another seed, FC_RUNS more runs. */
import fc from 'fast-check';

const SEED = 20201008;
const seed = Number(process.env.FC_SEED ?? SEED);
fc.configureGlobal({ seed, ...(process.env.FC_RUNS ? { numRuns: Number(process.env.FC_RUNS) } : {}) });
