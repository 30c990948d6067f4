/** What `irqsim serve` takes. */
import type { MachineOptions } from '../options/machine-options.ts';
import type { FailOn } from '../verdict.ts';
import type { FailMode } from './job.ts';

export interface ServeOptions
  extends Pick<
    MachineOptions,
    'stack' | 'set' | 'kernel' | 'policy' | 'level' | 'today' | 'project' | 'foreignProject'
  > {
  readonly admission?: boolean;
  readonly failOn: FailOn;
  readonly listen: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly clientCa?: string;
  readonly failOpen?: boolean;
  readonly failClosed?: boolean;
  readonly objects?: string;
  /** Seconds. */
  readonly timeout: number;
  /** MiB. */
  readonly maxBody: number;
  readonly maxWaiting: number;
  readonly jobs?: number;
  /** Seconds. */
  readonly drain: number;
  readonly manifests?: boolean;
  readonly image?: string;
  readonly namespace?: string;
  readonly caBundle?: string;
}

export const failMode = ({ failClosed }: ServeOptions): FailMode => (failClosed ? 'closed' : 'open');
