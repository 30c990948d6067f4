/** The page that carries the engine: a report that can be asked, or without a machine a place to bring one to. */
import { htmlPage } from '../report/document/html/page.ts';
import type { GivenInput } from './protocol.ts';

/** The programs of the page, as the build leaves them. */
export interface Programs {
  readonly engine: string;
  readonly page: string;
}

const STYLE = `
.top{display:flex;flex-wrap:wrap;gap:.2em 1.2em;align-items:baseline}
.top h1{margin:.2em 0;font-size:1.25rem}
#status{color:var(--aside);margin:.2em 0;white-space:pre-wrap;font:.92rem ui-monospace,Menlo,Consolas,monospace}
#status.bad{color:var(--bad)}
.controls{display:flex;flex-wrap:wrap;gap:.6em 1em;padding:.8em 1em;background:var(--ground);border-radius:8px;margin:.6em 0}
.controls[hidden]{display:none}
.controls label{display:flex;flex-direction:column;font-size:.85rem;color:var(--aside)}
.controls .changed span{color:var(--ink);font-weight:650}
.controls .changed span::after{content:" *"}
select,input,button,textarea{font:inherit;font-size:.95rem;color:var(--ink);background:var(--paper);border:1px solid var(--line);border-radius:5px;padding:.3em .5em;max-width:16rem}
input[type=number]{width:7.5rem}
button{cursor:pointer;max-width:none}
button:hover{border-color:var(--idle)}
#difference{border:1px solid var(--line);border-radius:8px;padding:.2em 1rem;margin:.8em 0;max-height:24rem;overflow:auto}
#difference h2{font-size:1.15rem;margin-top:.8em}
#why{position:fixed;right:1rem;bottom:1rem;width:min(34rem,calc(100vw - 2rem));max-height:70vh;overflow:auto;background:var(--paper);border:1px solid var(--line);border-radius:10px;box-shadow:0 8px 30px rgb(0 0 0/.25);padding:.6rem 1rem 1rem}
#why h2{font-size:1.05rem;margin:.5em 0}
#why-text dl{font-size:.92rem}
.cursor{fill:none;stroke:var(--ink);stroke-width:2}
svg.map{cursor:crosshair}
#copied{max-height:16em;overflow:auto}
textarea{width:100%;max-width:none;min-height:14em;font:.92rem/1.45 ui-monospace,Menlo,Consolas,monospace}
[hidden]{display:none!important}
`;

const TOOLS = `<div id="tools" class="controls" hidden>
<button type="button" id="reset">Back to the machine as given</button>
<button type="button" id="copy-options">Copy changes as options</button>
<button type="button" id="copy-patch">Copy changes as a patch of the input</button>
<button type="button" id="copy-yaml">Copy machine as YAML</button>
</div>
<pre id="copied" class="noprint" hidden></pre>`;

const PANEL = `<aside id="why" class="noprint" role="dialog" aria-label="Why" hidden>
<button type="button" id="close">Close</button> <button type="button" id="toggle" hidden></button>
<div id="why-text"></div>
</aside>`;

const CHOOSER = `<section class="noprint">
<label for="paste">Paste a machine in any form that irqsim reads (a description, libvirt XML, a QEMU command line, a KubeVirt manifest …), choose a file or drop one here. Nothing leaves this page.</label>
<textarea id="paste" spellcheck="false"></textarea>
<p><button type="button" id="analyze">Analyze</button> <input type="file" id="file" aria-label="File"></p>
</section>`;

/**
 * The page. `report` is the HTML of the report as it is now, which shows where nothing may run; without an input the
 * page asks for one.
 */
export function explorerPage(
  { engine, page }: Programs,
  machine?: { readonly title: string; readonly input: GivenInput; readonly report: string },
): string {
  const body = [
    '<header class="top noprint"><h1>irqsim</h1><p id="status" role="status"></p></header>',
    ...(machine ? [] : [CHOOSER]),
    '<form id="controls" class="controls" aria-label="Change the machine" hidden></form>',
    TOOLS,
    '<div id="difference" aria-live="polite" hidden></div>',
    `<main id="report">\n${machine?.report ?? ''}\n</main>`,
    PANEL,
    '<noscript><p>Changes need JavaScript; the report stands without.</p></noscript>',
  ].join('\n');
  return htmlPage({
    title: machine?.title ?? 'irqsim',
    body,
    style: STYLE,
    scripts: [page],
    data: { engine, ...(machine && { input: JSON.stringify(machine.input) }) },
  });
}
