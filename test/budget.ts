/** How many runs a property test gets: a fixed budget in CI, a multiple of it with `npm run fuzz:properties`. */
export function runs(budget: number): number {
  return budget * Number(process.env.FUZZ_FACTOR ?? 1);
}

/**
 * A clock that gives the CPU seconds since it was made: a bound on them means the same on a busy machine. Bounds are
 * generous, for they tell what never ends from what does.
 */
export function cpuClock(): () => number {
  const began = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(began);
    return (user + system) / 1e6;
  };
}
