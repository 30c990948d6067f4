/** Whether commands of a shell script succeed, as far as the text decides it. */
import { testResult } from './shell-condition.ts';
import { expandWord, lookUp, type Scope } from './shell-expand.ts';
import type { Command } from './shell-syntax.ts';
import type { Piece } from './shell-words.ts';

/** Whether a command succeeds, as far as the text tells; a name that nothing sets counts as empty. */
export function statusOf(commands: readonly Command[], scope: Scope): boolean | undefined {
  const last = commands.at(-1);
  if (last?.kind === 'chain') return chainStatus(last, scope);
  if (last?.kind !== 'simple') return undefined;
  const { words } = last;
  return testResult(words.flatMap((word) => emptied(expandWord(word, scope), scope)));
}

function chainStatus(chain: Extract<Command, { kind: 'chain' }>, scope: Scope): boolean | undefined {
  let status = statusOf([chain.first], scope);
  for (const { on, command } of chain.rest) {
    if (status === undefined) return undefined;
    if ((on === '&&') === status) status = statusOf([command], scope);
  }
  return status;
}

/** Environment variables that a test looks at are taken to be unset. */
function emptied(fields: readonly (readonly Piece[])[], scope: Scope): readonly (readonly Piece[])[] {
  return fields.map((field) =>
    field.filter(({ unknown }) => {
      const name = unknown?.choices === undefined ? unknown?.name : undefined;
      if (name === undefined || !/^[A-Za-z_]\w*$/.test(name) || lookUp(name, scope, 0) !== undefined)
        return true;
      if (unknown?.written.startsWith('$(')) return true;
      scope.defaults.add(name);
      return false;
    }),
  );
}
