/** What the server takes at most. */

const MIB = 1024 * 1024;

/** Limits by name; times in milliseconds. */
export type Limits = { readonly [name in keyof typeof LIMITS]: number };

export const LIMITS = {
  /** Bytes of a body where no option says otherwise: an object of etcd has 1.5 MiB, and an update brings two. */
  bodyMiB: 4,
  /** Bytes of all bodies that are being received or analysed. */
  bodiesBytes: 64 * MIB,
  connections: 1024,
  headersBytes: 16 * 1024,
  /** Milliseconds for the handshake of TLS, for the head of a request, and for all of it. */
  handshake: 5_000,
  headers: 5_000,
  request: 10_000,
  /** How long a connection may be idle: longer than the API server keeps it. */
  idle: 100_000,
  /** How often connections are looked at for these. */
  look: 1_000,
  /** How long requests that have begun may go on after the end was asked for. */
  ending: 10_000,
  /** MiB of old objects in a thread: a thread with more ends, and its request is answered as not analysed. */
  threadMiB: 512,
  /** MiB of new objects: an analysis makes many that live shortly. */
  youngMiB: 24,
} as const;

export const toBytes = (mib: number): number => Math.floor(mib * MIB);
