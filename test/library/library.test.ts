/** The built library as another program uses it: the example runs, the types hold, no part of Node is needed. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { builtProgram, ROOT } from '../built.ts';

/** The example of README. */
const [, EXAMPLE = ''] = /^```ts\n(.*?)^```$/ms.exec(readFileSync(join(ROOT, 'README.md'), 'utf8')) ?? [];
const OUTPUT: readonly string[] = EXAMPLE.match(/(?<=; \/\/ ).+$/gm) ?? [];

/** A folder of somebody who has installed irqsim. */
function consumer(): string {
  builtProgram();
  const folder = mkdtempSync(join(tmpdir(), 'irqsim-consumer-'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(ROOT, join(folder, 'node_modules/irqsim'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(folder, 'example.ts'), EXAMPLE);
  return folder;
}

/** The strictest that a consumer can be: also the types of the package and of its dependencies are checked. */
const STRICT = {
  compilerOptions: {
    target: 'ES2023',
    lib: ['ES2023', 'DOM'],
    module: 'NodeNext',
    types: [],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: false,
    skipLibCheck: false,
  },
  include: ['*.ts'],
};

test('the example is well typed for a strict consumer, and prints what its comments say', () => {
  const folder = consumer();
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(STRICT));
  const tsc = spawnSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', folder], {
    encoding: 'utf8',
  });
  expect(tsc.stdout).toBe('');
  expect(tsc.status).toBe(0);
  const { stdout, stderr } = spawnSync(process.execPath, [join(folder, 'example.js')], { encoding: 'utf8' });
  expect(stderr).toBe('');
  const lines = stdout.trimEnd().split('\n');
  expect(OUTPUT).toEqual(['fail 80', 'true', '0-7 | 0-1 | 2-3 | 4-5 | 6-7']);
  expect(lines.filter((line) => OUTPUT.includes(line))).toEqual(OUTPUT);
  expect(lines[1]).toMatch(/^error apic-id-above-limit QEMU: /);
});

test('a wrong use is a type error', () => {
  const folder = consumer();
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(STRICT));
  const wrong = [
    "import { analyze, importMachine, spreadAffinity } from 'irqsim';",
    "analyze('guest.yaml');",
    "await importMachine('', { form: 'qemu' });",
    "spreadAffinity({ vectors: '4', possible: '0-7' });",
  ];
  writeFileSync(join(folder, 'example.ts'), `${wrong.join('\n')}\n`);
  const tsc = spawnSync(
    process.execPath,
    [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', folder, '--noEmit'],
    {
      encoding: 'utf8',
    },
  );
  const places = [...tsc.stdout.matchAll(/example\.ts\((\d+),/g)].map(([, line]) => Number(line));
  expect(places).toEqual([2, 3, 4]);
});

test('no part of Node is needed', async () => {
  const { metafile } = await build({
    entryPoints: [join(ROOT, 'dist/lib/index.js')],
    bundle: true,
    platform: 'browser',
    format: 'esm',
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
  const imports = Object.values(metafile.inputs).flatMap((input) => input.imports);
  expect(imports.filter(({ external }) => external)).toEqual([]);
});

test('all that is exported has a doc comment', () => {
  const index = readFileSync(join(ROOT, 'dist/lib/index.d.ts'), 'utf8');
  const files = [...index.matchAll(/export (?:type )?\{([^}]+)\} from '([^']+)'/g)];
  const bare: string[] = [];
  expect(files.length).toBeGreaterThan(10);
  for (const [, names, file] of files) {
    const path = join(ROOT, 'dist/lib', file.replace(/\.[jt]s$/, '.d.ts'));
    const text = readFileSync(path, 'utf8');
    for (const name of names
      .split(',')
      .map((one) => one.trim().replace('type ', ''))
      .filter(Boolean)) {
      const declared = new RegExp(
        `^export (?:declare )?(?:function|class|const|interface|type) ${name}\\b`,
        'm',
      );
      const at = text.search(declared);
      if (at >= 0 && !text.slice(0, at).trimEnd().endsWith('*/')) bare.push(`${file} ${name}`);
    }
  }
  expect(bare).toEqual([]);
});

test('what is exported is what README and users rely on', async () => {
  const library = await import(pathToFileURL(join(ROOT, 'dist/lib/index.js')).href);
  expect(Object.keys(library)).toEqual(
    expect.arrayContaining([
      'CpuMask',
      'InputError',
      'adviseMachine',
      'analyze',
      'differenceOf',
      'draftBaseline',
      'explain',
      'importMachine',
      'irqCalcAffinityVectors',
      'irqCreateAffinityMasks',
      'jsonReport',
      'judge',
      'kernelProfile',
      'machineJsonSchema',
      'maskOf',
      'nothingDiffers',
      'readBaseline',
      'readMachine',
      'spreadAffinity',
      'sweepMachine',
    ]),
  );
});
