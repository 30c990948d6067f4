// Prints the licences of what the commands are made of: irqsim's own, and those of the packages bundled with it, which
// esbuild has listed in dist/bundled.json.
const { readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

const ROOT = join(__dirname, '../..');
const LINE = '-'.repeat(80);

/** Folders of packages that the bundle has something of. */
function bundled() {
  const { inputs } = JSON.parse(readFileSync(join(ROOT, 'dist/bundled.json'), 'utf8'));
  const folders = Object.keys(inputs).map((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0]);
  return [...new Set(folders)].filter((folder) => folder !== undefined).sort();
}

/** What a package says of its licence: the text that it brings, or else the name of the licence and of its author. */
function licenceOf(folder) {
  const { name, version, license, author } = JSON.parse(
    readFileSync(join(ROOT, folder, 'package.json'), 'utf8'),
  );
  const file = readdirSync(join(ROOT, folder)).find((entry) => /^licen[cs]e/i.test(entry));
  if (file === undefined && author === undefined)
    throw new Error(`${name} says neither its licence nor its author`);
  const text = file
    ? readFileSync(join(ROOT, folder, file), 'utf8').trim()
    : `Copyright ${author.name ?? author}. The package brings no text of its licence.`;
  return `${name} ${version}: ${license}\n\n${text}`;
}

const own = `irqsim: Apache-2.0

The text is in LICENSE of irqsim, and in /usr/share/common-licenses/Apache-2.0 on Debian systems.
The programs of irqsim contain the packages below, under these licences.`;
process.stdout.write(`${[own, ...bundled().map(licenceOf)].join(`\n\n${LINE}\n`)}\n`);
