/** The tests that judge, and the mutated code, in one file. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { judgesIn } from './judges.mjs';

const SHIM = 'test/mutation/vitest.ts';

/** Instead of StrykerJS's functions, which look into an object of strings: comparisons of numbers. */
function quick(code) {
  const ask = code
    .replace(
      /stryCov_9fa48\(((?:"\d+"(?:, )?)+)\)/g,
      (_, ids) => `(__counting && __reach(${ids.replaceAll('"', '')}))`,
    )
    .replace(/stryMutAct_9fa48\("(\d+)"\)/g, '(__active === $1 && __hit())');
  if (ask === code) return code;
  const names = 'active as __active, counting as __counting, hit as __hit, reach as __reach';
  return `import { ${names} } from 'vitest';\n${ask}`;
}

/** Where a file says where it is, it says where it was before it was put into the bundle. */
function sources(root) {
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
        return { contents: quick(contents), loader: 'ts' };
      });
    },
  };
}

export async function bundle(root, outfile) {
  const lines = [
    `export * from 'vitest';`,
    `import './test/setup.ts';`,
    ...judgesIn(root).map((file) => `import './${file}';`),
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
    plugins: [sources(root)],
  });
}
