/** Why an event is refused, word for word, and what is said of those that are not. */
import { expect, test } from 'vitest';
import { analyzeText } from '../../helpers.ts';

const FOUR = `
kernel: "6.12"
hpet: off
topology: { cores: 4 }
devices:
  - { name: nvme0, driver: nvme, queues: 4 }
  - { name: nic, driver: generic, managed: false, vectors: 2 }
`;
const SMT = FOUR.replace('cores: 4', 'cores: 2, threads: 2');

const last = async (text: string, ...events: string[]) => {
  const { run } = await analyzeText(
    text,
    events.map((event) => `--event ${event}`),
  );
  const { result, errno, reason, changes } = run.events[run.events.length - 1];
  return { result, errno, reason, changes };
};

test.each<[string, string, string[], number, string]>([
  ['asleep', FOUR, ['suspend', 'suspend'], 16, 'the machine sleeps already'],
  ['asleep', FOUR, ['suspend', 'offline=1'], 16, 'the machine sleeps: only resume can happen'],
  ['one thread', FOUR, ['smt=off'], 19, 'the machine has one thread per core'],
  ['for good', `${SMT}cmdline: nosmt=force\n`, ['smt=on'], 1, 'nosmt=force switches SMT off for good'],
  ['number', FOUR, ['set-affinity=99=1'], 2, 'there is no irq 99'],
  ['no vector', FOUR, ['fire=nic:v5'], 2, 'nic has no vector 5: the last is 1'],
  ['no queue', FOUR, ['fire=nic:7'], 2, 'nic has no queue 7: the last is 1'],
  ['stopped', FOUR, ['offline=2', 'fire=nvme0:2'], 0, 'the interrupt is lost: it is not started'],
])('%s: %j', async (_, text, events, errno, reason) => {
  expect(await last(text, ...events)).toMatchObject({ result: 'refused', errno, reason });
});

test('an interrupt that stayed on a CPU that came back is taken by none', async () => {
  const nodes = `kernel: "6.1.90"
cpus: [{ apicId: "0-1", node: 0 }, { apicId: "2-3", node: 1 }]
devices: [{ name: nic, driver: generic, managed: false, vectors: 260, node: 1 }]
`;
  const { run } = await analyzeText(nodes, ['--event offline=2', '--event online=2']);
  const left = run.devices[0].queues.find(({ lost }) => lost === 'cpu-came-back');
  expect(await last(nodes, 'offline=2', 'online=2', `fire=${left?.irq}`)).toMatchObject({
    result: 'refused',
    errno: 0,
    reason: 'the interrupt is lost: no CPU takes its vector',
  });
});

test('a device with one of each', async () => {
  const one = FOUR.replace('vectors: 2', 'vectors: 1');
  const { changes } = await last(one, 'reprobe=nic');
  expect(changes).toContain('nic is set up again: 1 vector, 1 of 1 queue start');
});

test.each<[string, string[], string[]]>([
  ['resume of what is awake', ['resume'], []],
  ['a device set up again', ['reprobe=nic'], ['nic is set up again: 2 vectors, 2 of 2 queues start']],
  [
    'with fewer CPUs',
    ['offline=3', 'reprobe=nvme0'],
    ['nvme0 is set up again: 5 vectors, 3 of 4 queues start'],
  ],
])('%s: %j', async (_, events, changes) => {
  const { result, changes: said } = await last(FOUR, ...events);
  expect(result).toBe('ok');
  expect(said.filter((text) => !text.includes('started'))).toEqual(changes);
});

test('suspend takes the last CPU that isolcpus= leaves: 6.1 dies of it, 6.12 gives up', async () => {
  const isolated = (kernel: string) => `${FOUR.replace('6.12', kernel)}cmdline: isolcpus=domain,0\n`;
  const reason = 'CPU 3 is the last online CPU that isolcpus= leaves to the scheduler';
  expect(await last(isolated('6.1'), 'suspend')).toMatchObject({
    result: 'crashed',
    reason: `in suspend: ${reason}`,
  });
  expect(await last(isolated('6.1'), 'suspend', 'resume')).toMatchObject({
    result: 'not-reached',
    reason: 'the kernel crashed before',
  });
  expect(await last(isolated('6.12'), 'suspend')).toMatchObject({
    result: 'refused',
    errno: 16,
    reason: `suspend is given up: ${reason}`,
  });
});
