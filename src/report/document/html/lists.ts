/** Facts, members, steps, changes and choices as HTML. */
import type { Change, Changes, Choice, Choices, Facts, Member, Members, Steps } from '../block.ts';
import { element, htmlInline, htmlText, toneClass } from './text.ts';

const pre = (lines: readonly string[]): string => element('pre', lines.map(htmlText).join('\n'));

export const htmlCode = (lines: readonly string[]): string[] => (lines.length === 0 ? [] : [pre(lines)]);

/** A description list; what has no name goes on with the fact before. */
export function htmlFacts({ facts, tone }: Facts): string[] {
  if (facts.length === 0) return [];
  const items = facts.flatMap(({ name, texts, code = [], note }) => [
    ...(name === '' ? [] : [element('dt', htmlText(name))]),
    ...texts.map((text) =>
      element(
        'dd',
        htmlInline(text) +
          (note === undefined ? '' : ` ${element('span', `(${htmlText(note)})`, ' class="aside"')}`),
      ),
    ),
    ...(code.length === 0 ? [] : [element('dd', pre(code))]),
  ]);
  return [element('dl', items.join('\n'), toneClass(tone))];
}

function memberText({ set, text }: Member): string {
  const numbers = set === undefined ? [] : [set.count === 0 ? 'none' : `${set.list} (${set.count})`];
  return [...numbers, ...(text === '' ? [] : [text])].map(htmlText).join(', ');
}

export const htmlMembers = ({ name, members }: Members): string[] => [
  element('h3', htmlText(name)),
  element(
    'dl',
    members.flatMap((one) => [element('dt', htmlText(one.name)), element('dd', memberText(one))]).join('\n'),
  ),
];

export const htmlSteps = ({ steps }: Steps): string[] =>
  steps.length === 0
    ? []
    : [
        element(
          'ol',
          steps
            .map(({ number, what, result, tone, details }) =>
              element(
                'li',
                `<strong>${htmlText(what)}</strong>: ${element('span', htmlText(result), toneClass(tone))}` +
                  (details.length === 0
                    ? ''
                    : element('ul', details.map((text) => element('li', htmlText(text))).join(''))),
                ` value="${number}"`,
              ),
            )
            .join('\n'),
        ),
      ];

function changeRows({ sign, tone, name, before, after, details }: Change): string[] {
  const cells = [sign, name, before, after].map((text, n) =>
    element('td', htmlText(text), n === 0 ? toneClass(tone) : ''),
  );
  const more = details.map((detail) =>
    element('tr', `<td></td>${element('td', htmlText(detail), ' colspan="3" class="aside"')}`),
  );
  return [element('tr', cells.join('')), ...more];
}

export const htmlChanges = ({ groups }: Changes): string[] =>
  groups.flatMap(({ title, rows, remark }) => {
    const head = ['', title, 'before', 'after'].map((text) => element('th', htmlText(text), ' scope="col"'));
    const table =
      element('thead', element('tr', head.join(''))) + element('tbody', rows.flatMap(changeRows).join('\n'));
    return [
      ...(rows.length === 0 ? [] : [element('div', element('table', table), ' class="scroll" tabindex="0"')]),
      ...(remark === undefined ? [] : [element('p', `${htmlText(remark)}.`)]),
    ];
  });

function choice({ steps, givesUp, proof, file, command, brings }: Choice, n: number, level: number): string {
  const title = steps.map((step) => htmlText(step.title)).join('; ');
  const parts = [
    element(`h${Math.min(6, level)}`, `${n + 1}. ${title}`),
    element('p', `Brings ${htmlText(brings)}; gives up ${htmlText(givesUp.join(', ') || 'nothing')}.`),
    ...steps.flatMap(({ wordings, cost, costs }) => [
      ...wordings.flatMap(({ language, lines }) => [element('p', `${htmlText(language)}:`), pre(lines)]),
      element('p', `Costs ${cost}: ${htmlText(costs)}.`),
    ]),
    element('p', `Proved: ${htmlText(proof)}. File: ${htmlText(file)}.`, ' class="aside"'),
    ...(command.options.length === 0 ? [] : [pre([`${command.words} ${command.options.join(' ')}`])]),
  ];
  return element('article', parts.join('\n'));
}

export const htmlChoices = ({ choices, level }: Choices): string[] =>
  choices.map((one, n) => choice(one, n, level));
