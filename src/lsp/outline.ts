/** What stands in a text at a glance: a verdict for each machine, and its devices by name. */
import type { CodeLens, DocumentSymbol, Range, SymbolKind } from 'vscode-languageserver';
import { count } from '../findings/rules/rule.ts';
import { visible } from '../lib/visible.ts';
import type { DeviceRun } from '../linux/sim/run.ts';
import { HEALTHS } from '../linux/sim/run.ts';
import { verdictSentence } from '../report/wording/verdict-sentence.ts';
import type { Known, Read } from './text.ts';

/** "FAIL  6 of 8 plugged CPUs reachable; 2 of 4 queues dead (1 finding suppressed)". */
function verdictLine({ analysis }: Read): string {
  const { verdict, suppressed } = analysis.summary;
  const less = suppressed === 0 ? '' : ` (${count(suppressed, 'finding')} suppressed)`;
  return visible(`${verdict.toUpperCase()}  ${verdictSentence(analysis)}${less}`);
}

/** The verdict of each machine, above it; nothing happens by a click. */
export function lensesOf({ read, places }: Known): CodeLens[] {
  return read.map((one) => ({
    range: places.word(one.begins),
    command: { title: verdictLine(one), command: '' },
  }));
}

/** Module and Interface of the protocol. */
const MACHINE: SymbolKind = 2;
const DEVICE: SymbolKind = 11;

/** "nvme, 8 queues: 6 healthy, 2 dead". */
function deviceDetail({ driver, queues, tally }: DeviceRun): string {
  const healths = HEALTHS.filter((health) => tally.healths[health] > 0);
  const parts = healths.map((health) => `${tally.healths[health]} ${health}`);
  const said = parts.length === 0 ? '' : `: ${parts.join(', ')}`;
  return `${driver}, ${count(queues.length, 'queue')}${said}`;
}

/** Devices that stand in the text, those of one entry as one. */
function deviceSymbols({ analysis }: Read, { places, open }: Known): DocumentSymbol[] {
  const byPlace = new Map<string, DeviceRun[]>();
  for (const run of analysis.run.devices) {
    const key = JSON.stringify(run.path);
    const listed = byPlace.get(key);
    if (listed) listed.push(run);
    else byPlace.set(key, [run]);
  }
  return [...byPlace.values()].flatMap((runs) => {
    const [run] = runs;
    const place = analysis.machine.locate(run.path);
    if (place?.file !== open.file) return [];
    const range = places.word(place);
    const name = runs.length === 1 ? run.name : `${run.name} .. ${runs[runs.length - 1].name}`;
    return [{ name: visible(name), detail: deviceDetail(run), kind: DEVICE, range, selectionRange: range }];
  });
}

const isBefore = (a: Range['start'], b: Range['start']): boolean =>
  a.line < b.line || (a.line === b.line && a.character < b.character);

/** The machines, with the devices in each. */
export function symbolsOf(known: Known): DocumentSymbol[] {
  const { read, places, open } = known;
  const starts = read.map(({ begins }) => places.offsetOf(begins));
  return read.map((one, n) => {
    const end = starts[n + 1] ?? open.text.length;
    const range = places.range(Math.min(starts[n], end), end);
    const { machine } = one.analysis;
    const children = deviceSymbols(one, known).filter(
      (child) => !isBefore(child.range.start, range.start) && !isBefore(range.end, child.range.end),
    );
    const selectionRange = { start: range.start, end: range.start };
    const name = visible(machine.name) || visible(open.file);
    return { name, detail: verdictLine(one), kind: MACHINE, range, selectionRange, children };
  });
}
