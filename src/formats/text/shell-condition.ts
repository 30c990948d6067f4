/** Tests of a shell script that its text decides: `[ -z "$X" ]`, `[[ $A == b ]]`, `test 1 -lt 2`. */
import { isKeyOf } from '../../lib/lookup.ts';
import { isKnown, type Piece, textOf } from './shell-words.ts';

const COMPARE = {
  '=': (left, right) => left === right,
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '-eq': (left, right) => Number(left) === Number(right),
  '-ne': (left, right) => Number(left) !== Number(right),
  '-lt': (left, right) => Number(left) < Number(right),
  '-le': (left, right) => Number(left) <= Number(right),
  '-gt': (left, right) => Number(left) > Number(right),
  '-ge': (left, right) => Number(left) >= Number(right),
} satisfies Readonly<Record<string, (left: string, right: string) => boolean>>;

/** Whether a command succeeds; undefined if its text does not decide. */
export function testResult(words: readonly (readonly Piece[])[]): boolean | undefined {
  if (words.length === 0 || !words.every(isKnown)) return undefined;
  const [command, ...operands] = words.map(textOf);
  if (command === 'true' || command === ':') return true;
  if (command === 'false') return false;
  const close = { '[': ']', '[[': ']]' }[command];
  if (close !== undefined && operands.at(-1) !== close) return undefined;
  if (close === undefined && command !== 'test') return undefined;
  return decide(close === undefined ? operands : operands.slice(0, -1), command === '[[');
}

function decide(operands: readonly string[], matchesPatterns: boolean): boolean | undefined {
  if (operands[0] === '!') {
    const result = decide(operands.slice(1), matchesPatterns);
    return result === undefined ? undefined : !result;
  }
  if (operands.length === 1) return operands[0] !== '';
  if (operands.length === 2) {
    if (operands[0] === '-z') return operands[1] === '';
    return operands[0] === '-n' ? operands[1] !== '' : undefined;
  }
  const [left, operator, right] = operands;
  if (operands.length !== 3 || !isKeyOf(COMPARE, operator)) return undefined;
  if (matchesPatterns && /[*?[]/.test(right)) return undefined;
  if (operator.startsWith('-') && !/^-?\d+$/.test(left + right)) return undefined;
  return COMPARE[operator](left, right);
}
