/** Values of objects that texts name. */

/** Gives an object or a list a value of its own: an assignment would set the prototype for the key `__proto__`. */
export function setOwn(into: object, key: string | number, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(into, key, { value, enumerable: true, writable: true, configurable: true });
  else (into as Record<string | number, unknown>)[key] = value;
}
