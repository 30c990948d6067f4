/** How events name interrupts, and what they answer for a name that no interrupt has. */
import { describe, expect, test } from 'vitest';
import { analyzeText } from '../../helpers.ts';

/** Interrupts from 24 on: disk 24-28, nic 29-31, bare 32-33, line none; 0-15 are legacy ones. */
const MACHINE = `
kernel: "6.12"
hpet: off
topology: { cores: 4 }
devices:
  - { name: disk, driver: nvme, queues: 4 }
  - { name: nic, driver: generic, managed: false, queues: 2, vectors: 3, preVectors: 1 }
  - { name: bare, driver: generic, managed: false, preVectors: 1, postVectors: 1, vectors: 2 }
`;

async function last(text: string, ...events: string[]) {
  const { run } = await analyzeText(
    text,
    events.map((event) => `--event ${event}`),
  );
  const { reason, errno, changes } = run.events[run.events.length - 1];
  return { reason, errno, changes };
}
const answer = async (...events: string[]) => (await last(MACHINE, ...events)).reason;
const said = async (...events: string[]) => (await last(MACHINE, ...events)).changes;

describe('names', () => {
  test('the numbers of the devices', async () => {
    const { run } = await analyzeText(MACHINE);
    const numbers = run.devices.map(({ queues, interrupts }) => [
      queues.map(({ irq }) => irq),
      interrupts.map(({ irq }) => irq),
    ]);
    expect(numbers).toEqual([
      [[25, 26, 27, 28], [24]],
      [[30, 31], [29]],
      [[], [32, 33]],
    ]);
  });

  test.each([
    ['24', 'disk vector 0'],
    ['29', 'nic vector 0'],
    ['30', 'nic queue 0'],
    ['31', 'nic queue 1'],
    ['nic:1', 'nic queue 1'],
    ['nic:v2', 'nic queue 1'],
    ['bare:v1', 'bare vector 1'],
    ['33', 'bare vector 1'],
  ])('%s is %s', async (name, text) => {
    const changes = (
      await Promise.all([0, 1, 2, 3].map((cpu) => said(`set-affinity=${name}=${cpu}`)))
    ).flat();
    // It is on one of the four already.
    expect(changes.length).toBeGreaterThanOrEqual(3);
    for (const change of changes) expect(change).toMatch(new RegExp(`^${text} goes to \\d with its next`));
  });
});

describe('no interrupt', () => {
  test.each([
    ['34', 'there is no irq 34'],
    ['disk:4', 'disk has no queue 4: the last is 3'],
    ['nic:2', 'nic has no queue 2: the last is 1'],
    ['bare:0', 'bare has no queue 0: it has none'],
    ['disk:v5', 'disk has no vector 5: the last is 4'],
    ['bare:v2', 'bare has no vector 2: the last is 1'],
  ])('%s', async (name, reason) => {
    expect(await last(MACHINE, `fire=${name}`)).toEqual({ reason, errno: 2, changes: [] });
    expect(await last(MACHINE, `set-affinity=${name}=0`)).toEqual({ reason, errno: 2, changes: [] });
  });

  test.each([
    ['the last of a device', ['fire=disk:3', 'fire=disk:v4', 'fire=nic:v2', 'fire=bare:v1']],
    ['the first of a device', ['fire=disk:0', 'fire=disk:v0', 'fire=nic:0', 'fire=bare:v0']],
  ])('is not said of %s', async (_, events) => {
    for (const event of events) expect(await answer(event)).toBeNull();
  });

  test.each([
    ['6.12', 1],
    ['6.1', 5],
  ])("%s: the machine's timer may not be moved, other lines may", async (kernel, errno) => {
    const machine = MACHINE.replace('6.12', kernel);
    const reason = "it is the machine's timer (IRQF_NOBALANCING), the user cannot move it";
    expect(await last(machine, 'set-affinity=0=1')).toEqual({ reason, errno, changes: [] });
    expect((await last(machine, 'set-affinity=4=1')).errno).toBe(0);
  });

  test('of a device that got no vector', async () => {
    const many = MACHINE.replace(/ {2}- \{ name: (?:disk|bare).*\n/g, '').replace(
      /- \{ name: nic.*/,
      '- { name: nic, driver: generic, managed: true, queues: 1, count: 210 }',
    );
    const { run } = await analyzeText(many);
    expect(run.devices[209].vectorsGranted).toBe(0);
    expect(await last(many, 'fire=nic209:v0')).toMatchObject({ reason: 'nic209 has no interrupt', errno: 2 });
    expect(await last(many, 'fire=nic0:v0')).toMatchObject({ reason: null });
  });
});

test('one interrupt for all queues is named by its vector', async () => {
  const lines = `${MACHINE}cmdline: pci=nomsi\n`;
  expect((await last(lines, 'set-affinity=disk:2=3')).changes).toEqual([
    'disk vector 0 goes to 3 with its next interrupt',
  ]);
});

test('CPUs that are not possible', async () => {
  expect(await last(`${MACHINE}cmdline: nr_cpus=3\n`, 'set-affinity=nic:0=3')).toEqual({
    reason: 'the kernel has only 3 possible CPUs',
    errno: 34,
    changes: [],
  });
  expect((await last(`${MACHINE}cmdline: nr_cpus=3\n`, 'set-affinity=nic:0=2')).reason).toBeNull();
});
