import { readdirSync, readFileSync } from 'node:fs';
import { readSources, machineOf } from './src/questions/source.ts';
import { analyze } from './src/findings/analyze.ts';
async function main() {
const dirs = process.argv.slice(2);
let n=0, none=0;
for (const d of dirs) for (const f of readdirSync(d,{recursive:true}).map(String).sort()) {
  const p=d+'/'+f; let sources;
  try { sources = await readSources({bytes: readFileSync(p), file: f}); } catch (e) { if (process.env.ERR) console.error(p, e); continue; }
  for (const s of sources) { let a; try { a = analyze(machineOf(s)); } catch (e) { if (process.env.ERR) console.error(p, e); continue; }
    const t=performance.now();
    const lines = a.findings.flatMap(x => { n++; if (/no change or pair/.test(x.fix.join())) none++; return [`  ${x.level} ${x.rule}`, ...x.fix.map(y=>'      '+y)]; });
    const ms=performance.now()-t;
    console.log(`${f} ${s.format} ${a.machine.kernel.text} ${a.machine.platform} cpus ${a.machine.cpus.length} ${a.summary.verdict} ${ms.toFixed(0)}ms`); for (const l of lines) console.log(l);
  }
}
console.log(n, 'findings', none, 'without');
}
void main();
