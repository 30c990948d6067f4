/** What a pure function gave for the argument that it was given last. */

/**
 * The same function, which works out nothing again for the argument of the call before. It keeps that argument alive.
 * A WeakMap would remember more, but what it holds outlives every quick collection of garbage, and a batch analyses
 * thousands of machines a second.
 */
export function rememberLast<Of extends object, Out>(make: (of: Of) => Out): (of: Of) => Out {
  let last: { readonly of: Of; readonly result: Out } | undefined;
  return (of) => {
    if (last?.of !== of) last = { of, result: make(of) };
    return last.result;
  };
}
