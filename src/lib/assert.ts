/** Thrown when irqsim itself is wrong, never for bad input: the CLI turns it into exit code 3. */
export class BugError extends Error {
  override name = 'BugError';
}

/** States what must hold if irqsim is right; a message that takes making is made when it is needed. */
export function assert(condition: unknown, message: string | (() => string)): asserts condition {
  if (!condition) throw new BugError(typeof message === 'string' ? message : message());
}

/** Marks a branch that the types rule out. */
export function unreachable(value: never): never {
  throw new BugError(`unexpected ${JSON.stringify(value)}`);
}
