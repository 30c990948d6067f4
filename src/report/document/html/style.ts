/**
 * The style of a page: light and dark as the reader's system is, fit for print. The colours of tones are told apart by
 * the colour-blind (blue-green, vermilion, amber, purple, blue), and each has a pattern besides.
 */
import type { Tone } from '../block.ts';

/** Colour on light and on dark ground. */
const COLOURS: Readonly<Record<Tone, readonly [light: string, dark: string]>> = {
  good: ['#007a5e', '#2fbf9b'],
  doubt: ['#8f6200', '#e0ab3d'],
  bad: ['#c2320a', '#ff7a52'],
  idle: ['#2c62ab', '#7fb0f0'],
  hurt: ['#9a3f86', '#e08fcd'],
  worst: ['#8a0020', '#ff5c7a'],
  absent: ['#8a939b', '#7b858e'],
  note: ['#176b87', '#6cc3dd'],
  neutral: ['#5a6169', '#aab2ba'],
  aside: ['#5a6169', '#aab2ba'],
  strong: ['#14181c', '#f2f4f6'],
};

const TONES = Object.entries(COLOURS) as [Tone, (typeof COLOURS)[Tone]][];
const HEATS = 11;

/** Custom properties of one side. */
function variables(side: 0 | 1): string {
  return TONES.map(([tone, both]) => `--${tone}:${both[side]}`).join(';');
}

const tones = TONES.map(
  ([tone]) =>
    `.${tone}{color:var(--${tone})}.on-${tone}{background:var(--${tone});color:var(--paper)}` +
    `.is-${tone}{fill:url(#is-${tone})}.fill-${tone}{fill:var(--${tone})}`,
).join('');

/** From pale to full, in one hue: the number says the same. */
const heats = Array.from(
  { length: HEATS },
  (_, n) => `.heat${n}{background:color-mix(in srgb,var(--idle) ${8 + n * 6}%,var(--paper))}`,
).join('');

const LIGHT = `--paper:#fff;--ground:#f3f5f7;--line:#d5dbe0;--ink:#14181c;${variables(0)}`;
const DARK = `--paper:#15191e;--ground:#1f252b;--line:#39424b;--ink:#eef1f4;${variables(1)}`;

export const STYLE = `:root{color-scheme:light dark;${LIGHT}}
@media(prefers-color-scheme:dark){:root{${DARK}}}
@media print{:root{${LIGHT}}.controls,.noprint{display:none!important}section,article,figure{break-inside:avoid}}
*{box-sizing:border-box}
body{margin:0 auto;padding:1.5rem 1.25rem 4rem;max-width:70rem;background:var(--paper);color:var(--ink);
font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif}
h1,h2,h3,h4{line-height:1.25;margin:1.6em 0 .5em;text-wrap:balance;overflow-wrap:anywhere}
h1,h2{font-size:1.5rem}h3{font-size:1.1rem}h4{font-size:1rem}
p{margin:.5em 0;max-width:75ch;overflow-wrap:anywhere}
.sentence{font-size:1.15rem}
section{margin:0 0 1.75rem}
a{color:var(--idle)}
code,pre{font:.92em/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;background:var(--ground);border-radius:4px}
code{padding:.08em .3em;overflow-wrap:anywhere}
pre{padding:.7em .9em;overflow-x:auto;margin:.5em 0}
.verdict,.key{display:inline-block;border-radius:4px;padding:.05em .5em;font-weight:650}
dl{display:grid;grid-template-columns:minmax(6rem,max-content) 1fr;gap:.2em 1rem;margin:.5em 0}
dt{grid-column:1;font-weight:600;color:var(--aside)}
dd{grid-column:2;margin:0;min-width:0;overflow-wrap:anywhere}
.aside{color:var(--aside);font-weight:400}
.scroll{overflow-x:auto;margin:.75em 0}
table{border-collapse:collapse;font-variant-numeric:tabular-nums}
caption{text-align:left;font-weight:600;padding:.3em 0}
th,td{text-align:left;padding:.28em .7em;border-bottom:1px solid var(--line);vertical-align:top}
th{font-weight:600;color:var(--aside);white-space:nowrap}
.number{text-align:right}.centre{text-align:center}
.grid td{border:1px solid var(--line)}
figure{margin:1em 0}
figcaption{font-weight:600;margin:0 0 .4em}
figure>svg{display:block;height:auto;max-width:60rem}
figure>svg:not(.map){width:100%}
figure>svg.map{max-width:100%}
svg text{fill:var(--ink);font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
svg .title{font:600 13px system-ui,sans-serif}
svg .number{text-anchor:middle;font-size:11px;paint-order:stroke;stroke:var(--paper);stroke-width:3px;stroke-linejoin:round}
svg .ground{fill:var(--ground)}
svg .tick{stroke:var(--ink);stroke-width:2.5}
svg .hatch{stroke:var(--paper);stroke-width:1.4;fill:none}
svg .mark{fill:var(--paper)}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:.3em 1.2em;padding:0;margin:.6em 0;font-size:.92rem}
.swatch{width:1em;height:1em;vertical-align:-.12em}
.finding{border-left:4px solid var(--line);padding:.1em 0 .1em 1rem;margin:1em 0}
.finding h3{margin:.2em 0}
details{margin:.6em 0}
summary{cursor:pointer;font-weight:600}
:focus-visible{outline:3px solid var(--idle);outline-offset:2px}
g[data-why]{cursor:pointer}
g[data-why]:hover .ground,g[data-why]:focus .ground{fill:var(--line)}
@media(max-width:40rem){body{padding:1rem .75rem 3rem}dl{grid-template-columns:1fr}dd{grid-column:1;margin-left:1rem}}
${tones}${heats}`;

/** Lines and dots over the colour of a tone, in a square of 6 units; none: a plain area. */
const PATTERNS: Readonly<Record<Tone, string>> = {
  good: '',
  doubt: '<circle class="mark" cx="3" cy="3" r="1.3"/>',
  bad: '<path class="hatch" d="M-1 -1L7 7M-1 7L7 -1"/>',
  idle: '<path class="hatch" d="M0 3H6"/>',
  hurt: '<path class="hatch" d="M-1 7L7 -1M-1 1L1 -1M5 7L7 5"/>',
  worst: '<path class="hatch" d="M3 0V6M0 3H6"/>',
  absent: '<path class="mark" d="M1 1h4v4h-4z"/>',
  note: '',
  neutral: '',
  aside: '',
  strong: '',
};

/** The patterns that `is-TONE` fills with; once a page. */
export const DEFINITIONS = `<svg width="0" height="0" aria-hidden="true" focusable="false"><defs>${TONES.map(
  ([tone]) =>
    `<pattern id="is-${tone}" width="6" height="6" patternUnits="userSpaceOnUse"><path class="fill-${tone}" d="M0 0h6v6h-6z"/>${PATTERNS[tone]}</pattern>`,
).join('')}</defs></svg>`;
