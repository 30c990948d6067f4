// Called by the build: gives each chunk its exports as plain values, at its end. Through esbuild's getters the inner loops
// of the engine would take half as long again, and making them is a tenth of a start.
const { readdirSync, readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

const DIRECTORY = join(__dirname, '../dist/cli');

/** How esbuild begins a chunk that exports something: its helpers, then getters by name. */
const BEGINNING =
  /^"use strict";([\s\S]*?)var (\w+_exports)=\{\};__export\(\2,\{([^{}]*)\}\);module\.exports=__toCommonJS\(\2\);/;
/** How it ends it, for Node to see the names. */
const END = /0&&\(module\.exports=\{[^{}]*\}\);\s*$/;
const HELPER = /\b__(?:commonJS|copyProps|defProp|export|toCommonJS|toESM)\b/;

/** Undefined for a chunk without exports. Throws for a text that esbuild did not make. */
function withPlainExports(name, text) {
  if (!text.includes('module.exports=__toCommonJS(')) return undefined;
  const [beginning, helpers, , getters] = BEGINNING.exec(text) ?? [];
  const rest = text.slice(beginning?.length ?? 0);
  if (beginning === undefined || !END.test(rest)) throw new Error(`${name} is not what esbuild makes`);
  const values = getters.replace(/:\(\)=>/g, ':');
  const exported = `module.exports=Object.defineProperty({${values}},"__esModule",{value:true});\n`;
  return `"use strict";${HELPER.test(rest) ? helpers : ''}${rest.replace(END, () => exported)}`;
}

/** What a chunk asks for as it is loaded, not later. */
const needsOf = (text) =>
  [...text.matchAll(/(?<!=>(?:__toESM\()?)require\("\.\/([^"]+)"\)/g)].map(([, name]) => name);

/** Throws if chunks need each other: one would get the exports of the other before they are there. */
function refuseCircles(texts) {
  const done = new Set();
  const visit = (name, above) => {
    if (above.includes(name)) throw new Error(`chunks need each other: ${[...above, name].join(', ')}`);
    if (done.has(name)) return;
    for (const other of needsOf(texts.get(name))) visit(other, [...above, name]);
    done.add(name);
  };
  for (const name of texts.keys()) visit(name, []);
}

const names = readdirSync(DIRECTORY).filter((name) => name.endsWith('.js'));
const texts = new Map(names.map((name) => [name, readFileSync(join(DIRECTORY, name), 'utf8')]));
refuseCircles(texts);
for (const [name, text] of texts) {
  const plain = withPlainExports(name, text);
  if (plain !== undefined) writeFileSync(join(DIRECTORY, name), plain);
}
