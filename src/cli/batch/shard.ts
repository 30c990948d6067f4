/** Which part of the inputs is ours: every n-th, from --shard or from what a scheduler puts in the environment. */
import { type Io, UsageError } from '../io.ts';

export interface ShardNumber {
  /** From 1. */
  readonly number: number;
  readonly of: number;
}

/** A shard, and what decided it: a variable, or undefined for an option or nobody. */
export interface ShardChoice extends ShardNumber {
  readonly because?: string;
}

export const WHOLE: ShardNumber = { number: 1, of: 1 };
const MAX_SHARDS = 1_000_000;

export function shardText({ number, of }: ShardNumber): string {
  return `${number}/${of}`;
}

/** True if the shard has the input with this index, from 0. */
export function isOurs(index: number, { number, of }: ShardNumber): boolean {
  return index % of === number - 1;
}

/** "2/8" → a shard. Throws UsageError that names `what` for any other text. */
export function parseShard(text: string, what: string): ShardNumber {
  const [, number, of] = /^(\d{1,7})\/(\d{1,7})$/.exec(text.trim()) ?? [];
  const shard = { number: Number(number), of: Number(of) };
  if (number === undefined || shard.of < 1 || shard.of > MAX_SHARDS)
    throw new UsageError(`${what}: expected I/N such as 2/8, found "${text}"`);
  if (shard.number < 1 || shard.number > shard.of)
    throw new UsageError(`${what}: shards are numbered 1/${shard.of} to ${shard.of}/${shard.of}`);
  return shard;
}

type Env = Io['env'];

function whole(env: Env, name: string, otherwise?: number): number {
  const text = env[name];
  if ((text === undefined || text === '') && otherwise !== undefined) return otherwise;
  if (text !== undefined && /^\d{1,9}$/.test(text)) return Number(text);
  throw new UsageError(
    text === undefined || text === ''
      ? `${name} is not set, so the number of shards is not known; set it, or give --shard I/N or --no-shard`
      : `${name}: expected a whole number, found "${text}"`,
  );
}

/** `base` is the number that the first has. */
function counted(env: Env, index: string, base: number, count: string): ShardNumber {
  const number = whole(env, index);
  const of = whole(env, count);
  if (number < base || number >= base + of)
    throw new UsageError(`${index} is ${number}, which is not one of ${of} from ${base} (${count})`);
  return parseShard(`${number - base + 1}/${of}`, count);
}

/**
 * A task that is submitted again, alone or with some others, is in an array of its own, and nothing tells how many
 * there were before. Only an array that begins at 0 or 1 and has no gaps is taken for a whole one.
 */
function slurm(env: Env): ShardNumber {
  const id = whole(env, 'SLURM_ARRAY_TASK_ID');
  const count = whole(env, 'SLURM_ARRAY_TASK_COUNT');
  const min = whole(env, 'SLURM_ARRAY_TASK_MIN');
  const step = whole(env, 'SLURM_ARRAY_TASK_STEP', 1);
  const max = whole(env, 'SLURM_ARRAY_TASK_MAX', min + (count - 1) * step);
  const number = (id - min) / step + 1;
  if (count < 2 || min > 1 || !Number.isInteger(number) || max - min !== (count - 1) * step) {
    const array = count === 1 ? `has one task, ${id},` : `goes from ${min} to ${max} with ${count} tasks`;
    throw new UsageError(
      `the Slurm array ${array} and may be a part of a larger one, so the number of shards is not known; ` +
        'give --shard "$SLURM_ARRAY_TASK_ID/N", or --no-shard',
    );
  }
  return parseShard(`${number}/${count}`, 'SLURM_ARRAY_TASK_ID');
}

/** What schedulers set, in the order they are asked. */
const SCHEDULERS: readonly (readonly [variable: string, shard: (env: Env) => ShardNumber])[] = [
  ['IRQSIM_SHARD', (env) => parseShard(env.IRQSIM_SHARD ?? '', 'IRQSIM_SHARD')],
  // Kubernetes does not tell a pod how many completions its job has.
  ['JOB_COMPLETION_INDEX', (env) => counted(env, 'JOB_COMPLETION_INDEX', 0, 'IRQSIM_SHARD_COUNT')],
  ['SLURM_ARRAY_TASK_ID', slurm],
  // GitLab counts from 1.
  ['CI_NODE_INDEX', (env) => counted(env, 'CI_NODE_INDEX', 1, 'CI_NODE_TOTAL')],
];

/**
 * The shard to do: `option` is that of --shard, false for --no-shard; without it the environment decides.
 * Throws UsageError for what makes no shard, or leaves the number of shards open.
 */
export function chooseShard(option: string | false | undefined, env: Env): ShardChoice {
  if (option === false) return WHOLE;
  if (option !== undefined) return parseShard(option, '--shard');
  const [because, shard] = SCHEDULERS.find(([variable]) => (env[variable] ?? '') !== '') ?? [];
  if (because !== undefined && shard !== undefined) return { ...shard(env), because };
  if ((env.IRQSIM_SHARD_COUNT ?? '') === '') return WHOLE;
  // A Kubernetes job that is not Indexed: every pod would do everything.
  throw new UsageError(
    'IRQSIM_SHARD_COUNT is set, but JOB_COMPLETION_INDEX is not, so the shard is not known; give --shard I/N or --no-shard',
  );
}
