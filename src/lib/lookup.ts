/** Names that come from an input, in tables whose keys are known. */

/** True if `table` has an entry of its own under `name`: not so for what every object has, such as "constructor". */
export const isKeyOf = <Table extends object>(table: Table, name: string): name is keyof Table & string =>
  Object.hasOwn(table, name);

/** The entry of `table` under `name`; undefined for a name that it does not hold, and for none. */
export function lookup<Table extends object>(
  table: Table,
  name: string | undefined,
): Table[keyof Table] | undefined {
  return name !== undefined && isKeyOf(table, name) ? table[name] : undefined;
}
