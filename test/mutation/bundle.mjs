/** The tests that judge, and the mutated code, in one file: once to see what each test reaches, once to be quick. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { JUDGES } from './judges.mjs';

const SHIM = 'test/mutation/vitest.ts';

/** Instead of StrykerJS's functions, which look into an object of strings: one comparison of numbers. */
function quick(code) {
  const ask = code
    .replace(/stryCov_9fa48\((?:"\d+"(?:, )?)+\)/g, '0')
    .replace(/stryMutAct_9fa48\("(\d+)"\)/g, '(__active === $1 && __hit())');
  return ask === code ? code : `import { active as __active, hit as __hit } from 'vitest';\n${ask}`;
}

/** Where a file says where it is, it says where it was before it was put into the bundle. */
function sources(root, counting) {
  return {
    name: 'sources',
    setup(on) {
      on.onResolve({ filter: /^vitest$/ }, () => ({ path: resolve(root, SHIM) }));
      on.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        if (path.includes('node_modules')) return undefined;
        let contents = await readFile(path, 'utf8');
        contents = contents.replaceAll('import.meta.url', JSON.stringify(String(pathToFileURL(path))));
        if (path.endsWith('.test.ts')) {
          const file = path.slice(root.length + 1);
          contents = `import { enter as __enter } from 'vitest';\n__enter(${JSON.stringify(file)});\n${contents}`;
        }
        return { contents: counting ? contents : quick(contents), loader: 'ts' };
      });
    },
  };
}

/** Builds a bundle; `counting`: it tells StrykerJS which mutants a test reaches. */
export async function bundle(root, outfile, counting) {
  const lines = [
    `export * from 'vitest';`,
    `import './test/setup.ts';`,
    ...JUDGES.map((file) => `import './${file}';`),
  ];
  await build({
    stdin: { contents: lines.join('\n'), resolveDir: root, loader: 'ts' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    banner: {
      js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`,
    },
    outfile,
    logLevel: 'error',
    plugins: [sources(root, counting)],
  });
}
