/**
 * The picture of README, `docs/explore.png`: what `irqsim explore` shows of a machine, in Debian's Chromium (or the one
 * that CHROMIUM names). `npm run picture` writes it.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'irqsim-picture-'));
const html = join(folder, 'guest.html');
execFileSync(
  process.execPath,
  ['bin/irqsim.cjs', 'explore', 'scenarios/240-vcpus-of-5-cores.yaml', '-o', html],
  { cwd: ROOT },
);

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
try {
  const page = await browser.newPage({ viewport: { width: 1080, height: 1036 }, colorScheme: 'light' });
  await page.goto(`file://${html}`);
  await page.waitForFunction(() => document.body.dataset.state === 'shown');
  await page.screenshot({ path: join(ROOT, 'docs/explore.png') });
} finally {
  await browser.close();
  rmSync(folder, { recursive: true });
}
