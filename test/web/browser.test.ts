/**
 * Pages in a real browser: they compute what the command computes, write no line to the console and send nothing. It is
 * Debian's Chromium, named by CHROMIUM or found as `chromium`; where there is none, this is not tested.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { irqsim, irqsimProcess, ROOT } from '../cli/irqsim.ts';

function browserPath(): string | undefined {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  try {
    return execFileSync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}

const executablePath = browserPath();
if (executablePath === undefined) console.warn('pages are not tested in a browser: there is no chromium');

const VERSION = JSON.parse(readFileSync(`${ROOT}/package.json`, 'utf8')).version;
const folder = mkdtempSync(join(tmpdir(), 'irqsim-web-'));

/** Machines of all kinds, and what is switched in the page: values by path of the control. */
const MACHINES: readonly (readonly [file: string, switches: Readonly<Record<string, string>>])[] = [
  ['scenarios/240-vcpus-of-5-cores.yaml', { remapping: 'on' }],
  ['scenarios/240-vcpus-of-5-cores.yaml', { extDestId: 'on', kernel: '5.10' }],
  ['scenarios/240-vcpus-of-5-cores.yaml', { 'topology.cores': '8', 'topology.sockets': '30' }],
  ['scenarios/240-vcpus-of-5-cores.yaml', { policy: 'exclude-unreachable' }],
  ['scenarios/240-vcpus-of-5-cores.yaml', { 'devices.0.queues': '7', hpet: 'on' }],
  ['scenarios/four-cpus-two-queues-nr-cpus.yaml', { policy: 'redirect' }],
  ['scenarios/four-cpus-two-queues-nr-cpus.yaml', { kernel: '7.2' }],
  ['scenarios/384-of-512-vcpus.yaml', { remapping: '{"enabled":true,"eim":false}' }],
  ['scenarios/384-of-512-vcpus.yaml', { 'topology.present': '200' }],
  ['scenarios/server-384-cpus-apic-447.yaml', { remapping: 'off' }],
  ['scenarios/guest-with-extended-destination-id.yaml', { extDestId: 'off' }],
  ['scenarios/bare-metal-without-remapping.yaml', { remapping: 'on' }],
  ['scenarios/hotplug-16-cpus-8-events.yaml', { kernel: '6.1' }],
  ['scenarios/hotplug-above-the-limit.yaml', { extDestId: 'on' }],
  ['scenarios/hotplug-suspend-refused.yaml', { policy: 'present-only' }],
  ['scenarios/hpet-message-interrupts.yaml', { hpet: 'off' }],
  ['scenarios/knights-landing-272.yaml', { kernel: '5.10', remapping: 'off' }],
  ['scenarios/memory-only-node.yaml', { policy: 'max-affinity' }],
  ['scenarios/one-present-of-128.yaml', { 'topology.present': '64' }],
  ['scenarios/online-capable-slots.yaml', { kernel: '5.4' }],
  ['scenarios/possible-larger-than-present.yaml', { policy: 'hyperv-stub' }],
  ['scenarios/queue-of-absent-cpus.yaml', { kernel: '7.0' }],
  ['scenarios/six-cpus-kvm-6.1.yaml', { remapping: 'on' }],
  ['scenarios/six-cpus-native-6.12.yaml', { policy: 'reachable-like-online' }],
  ['scenarios/six-cpus-remapped-6.12.yaml', { remapping: 'off', kernel: '5.10' }],
  ['scenarios/vector-exhaustion.yaml', { policy: 'no-hpet' }],
  ['scenarios/imported/kubevirt-64-vcpus.yaml', { remapping: 'on' }],
  ['scenarios/imported/qemu-288-vcpus.sh', { extDestId: 'on' }],
  ['scenarios/imported/qemu-288-vcpus.sh', { 'topology.present': '144', kernel: '5.10' }],
  ['scenarios/imported/server-255-of-256.dmesg', { remapping: 'on' }],
  ['scenarios/four-nics-480-cpus.yaml', { hpet: 'on', kernel: '6.1' }],
  ['scenarios/vector-exhaustion.yaml', { 'devices.0.queues': '3', policy: 'present-only' }],
];

interface Seen {
  readonly lines: string[];
  readonly requests: string[];
}

describe.runIf(executablePath)('a page in a browser', () => {
  let browser: Browser;
  let page: Page;
  const seen: Seen = { lines: [], requests: [] };

  const settled = () =>
    page.waitForFunction(() => ['shown', 'problem'].includes(document.body.dataset.state ?? ''));

  beforeAll(async () => {
    browser = await chromium.launch({ ...(executablePath && { executablePath }), args: ['--no-sandbox'] });
    page = await browser.newPage();
    page.on('console', (message) => seen.lines.push(message.text()));
    page.on('pageerror', (error) => seen.lines.push(error.message));
    page.on('request', (request) => seen.requests.push(request.url()));
    await page.goto(`file://${ROOT}/dist/web/index.html`);
  }, 60_000);
  afterAll(() => browser?.close());

  test.each(MACHINES)('%s with %o is what the command says', { timeout: 60_000 }, async (file, switches) => {
    // What a description expects of the machine as written counts in no what-if.
    const text = readFileSync(`${ROOT}/${file}`, 'utf8').replace(/^expect:.*\n(?:[ #].*\n)*/m, '');
    const input = join(folder, basename(file));
    writeFileSync(input, text);
    await page.evaluate(() => {
      document.body.dataset.state = 'working';
    });
    await page.setInputFiles('#file', input);
    await settled();
    for (const [path, value] of Object.entries(switches)) {
      const control = page.locator(`[data-path="${path}"]`);
      await page.evaluate(() => {
        document.body.dataset.state = 'working';
      });
      if ((await control.evaluate(({ tagName }) => tagName)) === 'SELECT') await control.selectOption(value);
      else await control.fill(value);
      await settled();
    }
    const options = (await page.locator('#status').textContent()) ?? '';
    const words = execFileSync('sh', ['-c', `printf '%s\\0' ${options}`], { encoding: 'utf8' });
    const args = ['analyze', '--format', 'json', '--no-vectors', '--no-config', '--fail-on', 'never'];
    const { out } = await irqsim([...args, ...words.split('\0').slice(0, -1), basename(file)], {
      cwd: folder,
    });
    const told = await page.evaluate(
      (version) =>
        (globalThis as unknown as { irqsimJson(version: string): Promise<string> }).irqsimJson(version),
      VERSION,
    );
    // A page is about the first machine of its input.
    expect([JSON.parse(told)]).toEqual([JSON.parse(out)].flat().slice(0, 1));
  });

  test('writes nothing to the console and loads nothing', () => {
    expect(seen.lines).toEqual([]);
    expect(seen.requests.filter((url) => !url.startsWith('blob:') && !url.endsWith('index.html'))).toEqual(
      [],
    );
  });

  test('shows a hostile name as text', { timeout: 60_000 }, async () => {
    const name = `<img src=x onerror="document.title='run'"></script><script>document.title='run'</script>`;
    const input = join(folder, 'hostile.json');
    writeFileSync(
      input,
      JSON.stringify({
        name,
        topology: { cores: 4 },
        devices: [{ name: '<b>x', driver: 'nvme', queues: 2 }],
      }),
    );
    const target = join(folder, 'hostile.html');
    expect(irqsimProcess(['explore', input, '-o', target]).out).toBe(`${target}\n`);
    const other = await browser.newPage();
    await other.goto(`file://${target}`);
    await other.waitForFunction(() => document.body.dataset.state === 'shown');
    expect(await other.title()).not.toBe('run');
    expect(await other.locator('#report img').count()).toBe(0);
    expect(await other.locator('#report').textContent()).toContain(name);
    await other.close();
  });

  /** Another machine takes the place of the one that is shown. */
  async function open(file: string): Promise<void> {
    await page.evaluate(() => {
      document.body.dataset.state = 'working';
    });
    await page.setInputFiles('#file', join(folder, file));
    await settled();
  }

  test('says why, takes a CPU offline on the map, and gives the changes as options', {
    timeout: 60_000,
  }, async () => {
    await open('384-of-512-vcpus.yaml');
    await page.locator('#report svg.map').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#why:not([hidden])');
    expect(await page.locator('#why-text').textContent()).toContain('CPU 1 ');
    await page.locator('#toggle').click();
    await page.waitForFunction(() => document.querySelector('#status')?.textContent?.includes('offline=1'));
    expect(await page.locator('#difference').isVisible()).toBe(true);
    await page.locator('#copy-patch').click();
    await page.waitForFunction(() => document.querySelector('#copied')?.textContent !== '');
    expect(await page.locator('#copied').textContent()).toMatch(
      /^# not in the patch: --event offline=1\n# with these changes: /,
    );
    await page.locator('#reset').click();
    await page.waitForFunction(() => document.querySelector<HTMLElement>('#difference')?.hidden);
  });

  test('the keyboard stays on the map when the report is drawn anew under it', async () => {
    await open('384-of-512-vcpus.yaml');
    await page.locator('#report svg.map').focus();
    await page.keyboard.press('ArrowRight');
    await page.evaluate(() => {
      document.body.dataset.state = 'working';
      const kernel = document.querySelector<HTMLSelectElement>('[data-path="kernel"]');
      if (kernel) kernel.value = '5.10';
      kernel?.dispatchEvent(new Event('input', { bubbles: true }));
    });
    await settled();
    expect(await page.locator('#status').textContent()).toContain('5.10');
    expect(await page.locator('#report .cursor').count()).toBe(1);
    await page.keyboard.press('Enter');
    await page.waitForSelector('#why:not([hidden])');
    expect(await page.locator('#why-text').textContent()).toContain('CPU 1 ');
    await open('240-vcpus-of-5-cores.yaml');
    expect(await page.locator('#why').isHidden()).toBe(true);
  });

  test('answers with commands to paste have room at 360 pixels', { timeout: 60_000 }, async () => {
    const { out } = await irqsim(['prove', '--format', 'html', 'scenarios/hotplug-16-cpus-8-events.yaml']);
    writeFileSync(join(folder, 'prove.html'), out);
    const narrow = await browser.newPage({ viewport: { width: 360, height: 800 } });
    await narrow.goto(`file://${join(folder, 'prove.html')}`);
    expect(await narrow.locator('dd pre').count()).toBeGreaterThan(0);
    expect(await narrow.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await narrow.close();
  });

  test.each(['light', 'dark'] as const)('has room for everything at 360 pixels, %s', async (colorScheme) => {
    const narrow = await browser.newPage({ viewport: { width: 360, height: 800 }, colorScheme });
    await narrow.goto(`file://${join(folder, 'hostile.html')}`);
    await narrow.waitForFunction(() => document.body.dataset.state === 'shown');
    expect(await narrow.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await narrow.close();
  });
});
