/** How many runs a property test gets: a fixed budget in CI, a multiple of it with `npm run fuzz`. */
export function runs(budget: number): number {
  return budget * Number(process.env.FUZZ_FACTOR ?? 1);
}
