/** How many runs a property test gets: a fixed budget in CI, a multiple of it with `npm run fuzz:properties`. */
export function runs(budget: number): number {
  return Math.ceil(budget * Number(process.env.FUZZ_FACTOR ?? 1));
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

/** A long list of cases as several tests: rows of the number of a group's first case, and the group. */
export function inGroups<T>(cases: readonly T[], size: number): [number, readonly T[]][] {
  return Array.from({ length: Math.ceil(cases.length / size) }, (_, group) => [
    group * size,
    cases.slice(group * size, (group + 1) * size),
  ]);
}
