/** `$((…))` and the numbers of `let`: whole numbers, the operators of C without assignments. */

import { lookup } from '../../lib/lookup.ts';

const TOKEN =
  /\s*(?:(0[xX][\da-fA-F]+|\d+)|([A-Za-z_]\w*)|(\*\*|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%<>&|^!~?:()]))/y;

type Apply = (left: number, right: number) => number | undefined;

type Comparison = '==' | '!=' | '<' | '>' | '<=' | '>=';
type Operator = '||' | '&&' | '|' | '^' | '&' | Comparison | '<<' | '>>' | '+' | '-' | '*' | '/' | '%' | '**';

/** Binary operators by how tightly they bind. */
const LEVELS: readonly Readonly<Partial<Record<Operator, Apply>>>[] = [
  { '||': (a, b) => (a || b ? 1 : 0) },
  { '&&': (a, b) => (a && b ? 1 : 0) },
  { '|': (a, b) => a | b },
  { '^': (a, b) => a ^ b },
  { '&': (a, b) => a & b },
  { '==': (a, b) => Number(a === b), '!=': (a, b) => Number(a !== b) },
  {
    '<': (a, b) => Number(a < b),
    '>': (a, b) => Number(a > b),
    '<=': (a, b) => Number(a <= b),
    '>=': (a, b) => Number(a >= b),
  },
  { '<<': (a, b) => a * 2 ** b, '>>': (a, b) => Math.floor(a / 2 ** b) },
  { '+': (a, b) => a + b, '-': (a, b) => a - b },
  {
    '*': (a, b) => a * b,
    '/': (a, b) => (b === 0 ? undefined : Math.trunc(a / b)),
    '%': (a, b) => (b === 0 ? undefined : a % b),
  },
  { '**': (a, b) => a ** b },
];

/** Parentheses in parentheses, at most. */
const MAX_DEPTH = 60;

interface State {
  readonly tokens: readonly string[];
  readonly numberOf: (name: string) => number | undefined;
  at: number;
  depth: number;
}

/** The value of an expression; undefined if a name has none, or the text is none. */
export function arithmetic(text: string, numberOf: (name: string) => number | undefined): number | undefined {
  const tokens: string[] = [];
  for (TOKEN.lastIndex = 0; TOKEN.lastIndex < text.trimEnd().length; ) {
    const found = TOKEN.exec(text);
    if (!found) return undefined;
    tokens.push(found[0].trim());
  }
  const state: State = { tokens, numberOf, at: 0, depth: 0 };
  const value = conditional(state);
  return state.at === tokens.length && Number.isSafeInteger(value) ? value : undefined;
}

function conditional(state: State): number | undefined {
  if (state.depth > MAX_DEPTH) return undefined;
  state.depth++;
  const test = binary(state, 0);
  let value = test;
  if (state.tokens[state.at] === '?') {
    state.at++;
    const yes = conditional(state);
    if (state.tokens[state.at++] !== ':') return undefined;
    const no = conditional(state);
    value = test === undefined ? undefined : test ? yes : no;
  }
  state.depth--;
  return value;
}

function binary(state: State, level: number): number | undefined {
  if (level === LEVELS.length) return unary(state);
  let left = binary(state, level + 1);
  for (;;) {
    const operator = state.tokens.at(state.at);
    const apply = lookup(LEVELS[level], operator);
    if (!apply) return left;
    state.at++;
    const right = binary(state, level + 1);
    left = left === undefined || right === undefined ? undefined : apply(left, right);
  }
}

function unary(state: State): number | undefined {
  const token = state.tokens.at(state.at++);
  if (token === undefined || state.depth > MAX_DEPTH) return undefined;
  if (token === '(') {
    const value = conditional(state);
    return state.tokens[state.at++] === ')' ? value : undefined;
  }
  if (/^[-+!~]$/.test(token)) {
    state.depth++;
    const value = unary(state);
    state.depth--;
    if (value === undefined) return undefined;
    return { '-': -value, '+': value, '!': value ? 0 : 1, '~': ~value }[token];
  }
  if (/^\d/.test(token)) return /^0\d/.test(token) ? Number.parseInt(token, 8) : Number(token);
  return /^\w/.test(token) ? state.numberOf(token) : undefined;
}
