/** How a driver got less than it asked for, in words. */

/** Null: it got what it asked for. `attempt` counts its tries from 0; `wanted` and `had` are queues. */
export function fallbackText(
  granted: number,
  attempt: number,
  wanted: number,
  had: number,
  errno: number,
): string | null {
  if (granted === 0)
    return errno === 0
      ? 'the MSI-X table is too small'
      : `no interrupt vector: the probe fails with error -${errno}`;
  const vectors = granted === 1 ? '1 vector' : `${granted} vectors`;
  if (attempt > 0)
    return granted === 1
      ? `${vectors}, shared by all queues`
      : `${vectors}, one of them shared by all queues`;
  if (had < wanted) return `${vectors} could be had: ${had} of ${wanted} queues`;
  return null;
}

/** No message interrupt could be had, and the driver took the line interrupt. */
export function lineText(errno: number): string {
  const why = errno === 0 ? 'the MSI-X table is too small' : 'no vector is left for messages';
  return `${why}: one line interrupt serves everything`;
}
