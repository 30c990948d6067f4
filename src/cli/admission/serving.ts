/** Serving, from options to the end: threads, certificates, server. */
import type { AddressInfo } from 'node:net';
import type { Worker } from 'node:worker_threads';
import { usableCpus } from '../batch/cpus.ts';
import { type Io, UsageError } from '../io.ts';
import { changesOf, refuseLists } from '../options/machine-options.ts';
import { settingsOf } from '../project/settings.ts';
import { type CertificateFiles, readCertificates, watchCertificates } from './certificates.ts';
import { readCompanions } from './companions.ts';
import type { Job } from './job.ts';
import { LIMITS, toBytes } from './limits.ts';
import { listenProblem, placeOf } from './listen-at.ts';
import { logTo } from './log.ts';
import { failMode, type ServeOptions } from './options.ts';
import { type Deciders, startPool } from './pool.ts';
import { type Listening, listen } from './server.ts';

/** How often certificates are looked at, in milliseconds. */
const LOOK = 1000;

/** How reviews are decided. Rejects with UsageError or InputError. */
export async function jobOf(options: ServeOptions, io: Pick<Io, 'env' | 'note'>): Promise<Job> {
  refuseLists(options);
  const { stack, failOn, objects, project } = options;
  const settings = settingsOf(options, io);
  return {
    stack,
    changes: changesOf({ ...options, event: [] }),
    // Objects are named NAMESPACE/NAME, as if they stood in the folder of the project file.
    settings: project ? { ...settings, cwd: project.triage.folder } : settings,
    failOn,
    mode: failMode(options),
    companions: objects === undefined ? [] : await readCompanions(objects),
  };
}

function filesOf({ tlsCert, tlsKey, clientCa }: ServeOptions): CertificateFiles {
  if (tlsCert === undefined || tlsKey === undefined)
    throw new UsageError(
      'serve: the API server speaks HTTPS only: --tls-cert FILE and --tls-key FILE are needed',
    );
  return { tlsCert, tlsKey, clientCa };
}

/** The day of every review; undefined where options say which day it is. */
function dayOf({ today }: ServeOptions, { SOURCE_DATE_EPOCH: epoch }: Io['env']): string | undefined {
  return today !== undefined || epoch ? undefined : new Date().toISOString().slice(0, 10);
}

/** What is started with: threads, by what a thread decides, and the end of everything. */
interface Start {
  readonly spawn: (job: Job) => Worker;
  readonly failed: (error: Error) => void;
}

/** A pool of which one thread can begin at least. */
function readyPool(job: Job, options: ServeOptions, io: Io, { spawn, failed }: Start): Promise<Deciders> {
  return new Promise((resolve, reject) => {
    const pool = startPool({
      threads: options.jobs ?? usableCpus(),
      waiting: options.maxWaiting,
      spawn: () => spawn(job),
      today: () => dayOf(options, io.env),
      ready: () => resolve(pool),
      failed: (error) => {
        void pool.close();
        reject(error);
        failed(error);
      },
    });
  });
}

export interface Serving {
  readonly address: AddressInfo;
  /** Looks at the certificates now. */
  readonly look: () => void;
  /** Not ready any more; what comes is still answered. */
  readonly retire: () => void;
  /** Ends everything; at most so many milliseconds for what has begun. */
  readonly end: (ms?: number) => Promise<void>;
}

/** Begins to serve; `failed` hears of it if that cannot go on. Rejects with UsageError, InputError or BugError. */
export async function startServing(options: ServeOptions, io: Io, start: Start): Promise<Serving> {
  const place = placeOf(options.listen);
  const files = filesOf(options);
  const first = readCertificates(files);
  const job = await jobOf(options, io);
  const log = logTo(io);
  const deciders = await readyPool(job, options, io, start);
  let server: Listening;
  try {
    server = await listen(
      {
        deciders,
        mode: job.mode,
        maxBody: toBytes(options.maxBody),
        timeout: options.timeout * 1000,
        asksClients: files.clientCa !== undefined,
        context: first.context,
        log,
      },
      place,
    );
  } catch (error) {
    await deciders.close();
    throw listenProblem(options.listen, error as NodeJS.ErrnoException);
  }
  const look = watchCertificates(files, first, {
    renewed({ context, facts }) {
      server.renew(context);
      log.say('certificates-renewed', facts);
    },
    kept: (problem) => log.say('certificates-kept', { problem }),
  });
  const clock = setInterval(look, LOOK);
  const { address, port } = server.address;
  const { mode, failOn, stack } = job;
  log.say('listening', { address, port, mode: `fail-${mode}`, failOn, stack, ...first.facts });
  return {
    address: server.address,
    look,
    retire: () => server.retire(),
    async end(ms = LIMITS.ending) {
      clearInterval(clock);
      const cutOff = await server.end(ms);
      await deciders.close();
      log.say('ended', cutOff > 0 ? { cutOff } : {});
    },
  };
}
