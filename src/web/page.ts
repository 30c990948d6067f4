/// <reference lib="dom" />
/**
 * What runs in a page: it starts the engine as a worker, sends it what the reader changes, and shows what comes back.
 * Nothing leaves the page.
 */
import { asOptions, changesOf } from './changes.ts';
import { byId, fill, make } from './dom.ts';
import { CpuCells } from './map.ts';
import type { Control, GivenInput, Numbered, Question, Reply, Shown } from './protocol.ts';

/** Milliseconds without a key before a change is sent. */
const PAUSE = 120;

const dataOf = (id: string): string => JSON.parse(byId(id).textContent ?? '""');

const worker = new Worker(URL.createObjectURL(new Blob([dataOf('engine')], { type: 'text/javascript' })));
const report = byId('report');
const difference = byId('difference');
const panel = byId<HTMLElement>('why');
const panelText = byId('why-text');
const status = byId('status');
const form = byId<HTMLFormElement>('controls');
const tools = byId('tools');

/** The controls of the machine as it was given. */
let controls: readonly Control[] = [];
let shown: Shown | undefined;
const values = new Map<string, string>();
let offline: number[] = [];
let sent = 0;
/** Questions whose answers are still wanted, by number. */
const waiting = new Map<number, (reply: Reply) => void>();

function ask(message: Question): Promise<Reply> {
  const number = ++sent;
  worker.postMessage({ number, message } satisfies Numbered<Question>);
  return new Promise((resolve) => waiting.set(number, resolve));
}

worker.onmessage = ({ data: { number, message } }: MessageEvent<Numbered<Reply>>) => {
  waiting.get(number)?.(message);
  waiting.delete(number);
};
worker.onerror = (event) => say(`The engine failed: ${event.message}`, true);

function say(text: string, bad = false): void {
  status.textContent = text;
  status.classList.toggle('bad', bad);
}

const changes = (): string[] => changesOf(controls, { values, offline });

/** What came of a question about the machine. */
function show(reply: Reply): void {
  if (reply.kind === 'problem') {
    document.body.dataset.state = 'problem';
    say(reply.lines.join('\n'), true);
    return;
  }
  if (reply.kind !== 'shown') return;
  shown = reply;
  keepingFocus(() => {
    fill(report, reply.report);
    wireMap();
  });
  fill(difference, reply.difference);
  difference.hidden = reply.difference === '';
  const changed = changes();
  say(changed.length === 0 ? 'The machine as it was given.' : asOptions(changed));
  for (const control of reply.controls) markControl(control);
  // What was asked of the machine before is asked of this one.
  if (!panel.hidden) void why(asked);
  document.body.dataset.verdict = reply.verdict;
  document.body.dataset.state = 'shown';
}

/** Draws the report anew; what of it has the keyboard's focus keeps it. */
function keepingFocus(draw: () => void): void {
  const { activeElement } = document;
  const held = report.contains(activeElement) ? activeElement : null;
  const subject = subjectOf(held);
  const isMap = held?.matches('svg.map');
  draw();
  const selector = isMap
    ? 'svg.map'
    : subject === undefined
      ? undefined
      : `[data-why="${CSS.escape(subject)}"]`;
  if (selector !== undefined) report.querySelector<SVGElement>(selector)?.focus({ preventScroll: true });
}

let newest = 0;
async function vary(): Promise<void> {
  const mine = ++newest;
  document.body.dataset.state = 'working';
  const reply = await ask({ kind: 'vary', changes: changes() });
  // A later change makes this answer void.
  if (mine === newest) show(reply);
}

let timer: ReturnType<typeof setTimeout> | undefined;
function varySoon(): void {
  clearTimeout(timer);
  timer = setTimeout(() => void vary(), PAUSE);
}

/** The element that sets a control. */
function input({ path, choices, value, least, most }: Control): HTMLSelectElement | HTMLInputElement {
  const name = `control-${path}`;
  if (choices) {
    const options = choices.map(([one, text]) => make('option', { value: one }, text));
    const select = make('select', { id: name, 'data-path': path }, ...options);
    select.value = value;
    return select;
  }
  const limits = { min: String(least ?? 0), max: String(most ?? '') };
  const number = make('input', { id: name, 'data-path': path, type: 'number', step: '1', ...limits });
  number.value = value;
  return number;
}

function drawControls(): void {
  form.replaceChildren(
    ...controls.map((control) =>
      make('label', { for: `control-${control.path}` }, make('span', {}, control.label), input(control)),
    ),
  );
  form.hidden = false;
  tools.hidden = false;
}

/** Shows which controls differ from the machine as it was given. */
function markControl({ path }: Control): void {
  const element = document.getElementById(`control-${path}`);
  element?.parentElement?.classList.toggle('changed', values.has(path));
}

form.addEventListener('input', ({ target }) => {
  const { dataset, value } = target as HTMLInputElement;
  const control = controls.find(({ path }) => path === dataset.path);
  if (!control || value === '') return;
  if (value === control.value) values.delete(control.path);
  else values.set(control.path, value);
  varySoon();
});
form.addEventListener('submit', (event) => event.preventDefault());

/** What the panel is about. */
let asked = '';
async function why(about: string): Promise<void> {
  asked = about;
  const reply = await ask({ kind: 'why', about });
  panel.hidden = reply.kind !== 'why';
  if (reply.kind !== 'why') return;
  fill(panelText, reply.html);
  const cpu = /^cpu (\d+)$/.exec(about)?.[1];
  byId('toggle').hidden = cpu === undefined;
  byId('toggle').dataset.cpu = cpu ?? '';
  if (cpu !== undefined) {
    byId('toggle').textContent = offline.includes(Number(cpu))
      ? `leave CPU ${cpu} online`
      : `take CPU ${cpu} offline`;
  }
}

/** The CPU of the map that keys move from; it stays when the map is drawn anew. */
let cursor: number | undefined;

function wireMap(): void {
  const svg = report.querySelector<SVGSVGElement>('svg.map');
  if (!svg) return;
  const cells = new CpuCells(svg);
  const [first] = cells.order;
  let at = cursor !== undefined && cells.order.includes(cursor) ? cursor : first;
  if (at === cursor) cells.mark(at);
  const go = (cpu: number | undefined, isQuestion: boolean): void => {
    if (cpu === undefined) return;
    at = cpu;
    cursor = cpu;
    cells.mark(cpu);
    if (isQuestion) void why(`cpu ${cpu}`);
  };
  svg.addEventListener('pointermove', ({ clientX, clientY }) => go(cells.at(clientX, clientY), false));
  svg.addEventListener('click', ({ clientX, clientY }) => go(cells.at(clientX, clientY), true));
  svg.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' || event.key === ' ') go(at, true);
    else {
      const next = cells.step(at, event.key);
      if (next === undefined) return;
      go(next, false);
    }
    event.preventDefault();
  });
}

const subjectOf = (target: EventTarget | null): string | undefined =>
  (target as Element | null)?.closest<SVGElement>('[data-why]')?.dataset.why;

report.addEventListener('click', ({ target }) => {
  const subject = subjectOf(target);
  if (subject !== undefined) void why(subject);
});
report.addEventListener('keydown', (event) => {
  const subject = subjectOf(event.target);
  if (subject === undefined || (event.key !== 'Enter' && event.key !== ' ')) return;
  event.preventDefault();
  void why(subject);
});

byId('close').addEventListener('click', () => {
  panel.hidden = true;
});
document.addEventListener('keydown', ({ key }) => {
  if (key === 'Escape') panel.hidden = true;
});
byId('toggle').addEventListener('click', () => {
  const cpu = Number(byId('toggle').dataset.cpu);
  offline = offline.includes(cpu) ? offline.filter((one) => one !== cpu) : [...offline, cpu];
  panel.hidden = true;
  void vary();
});

byId('reset').addEventListener('click', () => {
  values.clear();
  offline = [];
  drawControls();
  void vary();
});

/** Puts a text where the reader can paste it from; where a page may not, it is shown to be copied by hand. */
async function copy(text: string): Promise<void> {
  byId('copied').textContent = text;
  byId('copied').hidden = false;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    getSelection()?.selectAllChildren(byId('copied'));
  }
}
byId('copy-options').addEventListener('click', () => void copy(asOptions(changes())));
byId('copy-patch').addEventListener('click', async () => {
  const reply = await ask({ kind: 'patch', changes: changes() });
  if (reply.kind === 'patch') void copy(reply.text);
  else show(reply);
});
byId('copy-yaml').addEventListener('click', () => void copy(shown?.yaml ?? ''));

async function openInput(given: GivenInput): Promise<void> {
  values.clear();
  offline = [];
  cursor = undefined;
  panel.hidden = true;
  clearTimeout(timer);
  document.body.dataset.state = 'working';
  const reply = await ask({ kind: 'open', input: given });
  if (reply.kind === 'shown') {
    ({ controls } = reply);
    drawControls();
  }
  show(reply);
}

/** The page without a machine: one is pasted, chosen or dropped. */
function wireChooser(): void {
  const text = document.getElementById('paste') as HTMLTextAreaElement | null;
  if (!text) return;
  const read = (file: File): Promise<void> =>
    file.text().then((content) => openInput({ text: content, file: file.name, changes: [] }));
  byId('analyze').addEventListener(
    'click',
    () => void openInput({ text: text.value, file: 'pasted', changes: [] }),
  );
  byId<HTMLInputElement>('file').addEventListener('change', ({ target }) => {
    const chooser = target as HTMLInputElement;
    const [file] = chooser.files ?? [];
    if (file) void read(file);
    // The same file chosen again, after it was edited, is a change too.
    chooser.value = '';
  });
  document.addEventListener('dragover', (event) => event.preventDefault());
  document.addEventListener('drop', (event) => {
    event.preventDefault();
    const [file] = event.dataTransfer?.files ?? [];
    if (file) void read(file);
  });
}

wireChooser();
const given = document.getElementById('input');
if (given) void openInput(JSON.parse(JSON.parse(given.textContent ?? '""')) as GivenInput);
else document.body.dataset.state = 'empty';

// For tests, and for who looks behind the page: the report as `--format json` gives it.
Object.assign(globalThis, {
  irqsimJson: async (version: string): Promise<string> => {
    const reply = await ask({ kind: 'json', version });
    return reply.kind === 'json' ? reply.text : '';
  },
});
