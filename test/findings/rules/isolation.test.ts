/** What is said of interrupts on isolated CPUs, against the list of interrupts. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { analyze } from '../../../src/findings/analyze.ts';
import { isolationFacts } from '../../../src/findings/rules/facts/isolation-facts.ts';
import { bringToLife } from '../../../src/linux/proof/live.ts';
import { interruptsOf } from '../../../src/questions/irqs/irqs.ts';
import { isolationJson } from '../../../src/report/analysis/isolation.ts';
import { runs } from '../../budget.ts';
import { analyzeText, readText } from '../../helpers.ts';
import { machines } from '../random-machines.ts';

const rulesOf = async (text: string) => (await analyzeText(text)).findings.map(({ rule }) => rule);

test('every interrupt that is started on an isolated CPU is in one of the lists, with who may move it', async () => {
  let seen = 0;
  await fc.assert(
    fc.asyncProperty(machines, async (description) => {
      const machine = await readText(JSON.stringify(description), [], 'test.json');
      const analysis = analyze(machine);
      const found = isolationFacts(analysis);
      if (!found) return;
      const { system } = bringToLife(machine).stage ?? { system: null };
      const rows = interruptsOf(analysis, { system, to: null }).filter(
        ({ isolated, online }) => isolated && online,
      );
      const managed = new Set([...found.managed, ...found.bound].map(({ irq }) => irq));
      const movable = new Set(found.movable.map(({ irq }) => irq));
      for (const { irq, managed: isManaged, device } of rows) {
        if (movable.has(irq)) expect(isManaged).toBe(false);
        if (managed.has(irq)) expect(isManaged || device === 'hpet').toBe(true);
      }
      const listed = new Set(rows.map(({ irq }) => irq));
      for (const irq of [...managed, ...movable]) expect(listed.has(irq)).toBe(true);
      seen += listed.size;
    }),
    { numRuns: runs(300) },
  );
  expect(seen).toBeGreaterThan(50);
});

test('nohz_full alone isolates; irqaffinity meets it, and the boot CPU alone does not count', async () => {
  const machine = (cmdline: string) => `kernel: "6.12"\ntopology: { cores: 4 }\ncmdline: "${cmdline}"\n`;
  expect(await rulesOf(machine('nohz_full=2-3 irqaffinity=3'))).toContain('irqaffinity-meets-isolation');
  expect(await rulesOf(machine('isolcpus=0-1 irqaffinity=2-3'))).not.toContain('irqaffinity-meets-isolation');
  expect(await rulesOf(machine('isolcpus=2-X irqaffinity=3'))).toContain('isolation-ignored');
  expect(isolationJson(await analyzeText(machine('quiet')))).toBeNull();
  expect(isolationJson(await analyzeText(machine('nohz_full=2-3')))).toMatchObject({
    isolated: { domain: '', managed_irq: '', nohz: '2-3' },
    housekeeping: '0-1',
    defaultAffinity: '0-3',
  });
});

test('a queue on an isolated CPU with a housekeeping CPU in its mask wants the flag managed_irq', async () => {
  const text = (flags: string) => `kernel: "6.12"
topology: { cores: 8 }
cmdline: "isolcpus=${flags}1,3,5,7"
devices: [{ name: nvme, driver: nvme, queues: 4 }]
`;
  const managed = async (flags: string) =>
    (await analyzeText(text(flags))).findings.filter(({ message }) => message.includes('managed interrupt'));
  expect(await managed('domain,')).toMatchObject([
    {
      rule: 'interrupts-on-isolated-cpus',
      devices: ['nvme'],
      fix: ['kernel parameters: isolcpus=managed_irq,domain,1,3,5,7'],
    },
  ]);
  expect(await managed('managed_irq,domain,')).toEqual([]);
});

test.each([
  ['isolcpus=9-20', /isolates no CPU: its list names no possible CPU \(0-3\)/],
  ['isolcpus=managed_irq', /isolates no CPU: it has no CPU list/],
  ['isolcpus=domain,foo,2', /has the flag "foo", which the kernel does not know and skips/],
  ['nohz_full=99999', /isolates no CPU/],
  ['irqaffinity=200', /names no possible CPU \(0-3\): the boot CPU alone/],
])('what %s does not do is said', async (cmdline, told) => {
  const { findings } = await analyzeText(`kernel: "6.12"\ntopology: { cores: 4 }\ncmdline: "${cmdline}"\n`);
  const own = findings.filter(({ rule }) => rule === 'isolation-ignored');
  expect(own.map(({ message }) => message)).toEqual([expect.stringMatching(told)]);
});

test('N is no CPU list before 5.13, of irqaffinity= too', async () => {
  const { findings } = await analyzeText(
    'kernel: "5.10"\ntopology: { cores: 4 }\ncmdline: "irqaffinity=0-N"\n',
  );
  expect(findings.map(({ message }) => message)).toContain(
    'irqaffinity=0-N is ignored and has no effect: the kernel cannot read its CPU list',
  );
});

test.each(['isolcpus=nohz,domain,managed_irq,2-3', 'isolcpus=2-20', 'irqaffinity=0-1 isolcpus=2-N'])(
  '%s is as it should be',
  async (cmdline) => {
    expect(await rulesOf(`kernel: "6.12"\ntopology: { cores: 4 }\ncmdline: "${cmdline}"\n`)).not.toContain(
      'isolation-ignored',
    );
  },
);

test.each([
  ['nohz_full=1,3,5,7', 'isolcpus=managed_irq,1,3,5,7', 'nohz_full=1,3,5,7 isolcpus=managed_irq,1,3,5,7'],
  ['isolcpus=nohz,domain,1,3,5,7', 'isolcpus=managed_irq,nohz,domain,1,3,5,7', ''],
  [
    'isolcpus=1,3 nohz_full=1,3,5,7',
    'isolcpus=managed_irq,1,3,5,7 besides',
    'isolcpus=1,3 nohz_full=1,3,5,7 isolcpus=managed_irq,1,3,5,7',
  ],
])(
  'the flag managed_irq for %s keeps CPUs apart from what they are apart from, and cures',
  async (written, proposed, after) => {
    const found = async (cmdline: string) =>
      (
        await analyzeText(
          `kernel: "6.12"\ntopology: { cores: 8 }\ncmdline: "${cmdline}"\ndevices: [{ name: nvme, driver: nvme, queues: 4 }]\n`,
        )
      ).findings.find(({ message }) => message.includes('managed interrupt'));
    expect((await found(written))?.fix).toEqual([`kernel parameters: ${proposed}`]);
    expect(await found(after === '' ? proposed : after)).toBeUndefined();
  },
);

test('one interrupt goes to one CPU, and is moved by one write', async () => {
  const { findings } = await analyzeText(
    'topology: { cores: 2 }\ncmdline: isolcpus=1\ndevices: [{ name: nic, driver: generic, managed: off, vectors: 1 }]\n',
  );
  const note = findings.find(({ rule }) => rule === 'interrupts-on-isolated-cpus');
  expect(note?.message).toMatch(/^1 ordinary interrupt of nic \(irq \d+\) goes to isolated CPU 1, and/);
  expect(note?.fix[1]).toMatch(/smp_affinity_list \(irqsim irqs --movable lists it\)$/);
});
