/** Proofs where nothing is left to prove, where little may be tried, and of every order of probing. */
import { describe, expect, test } from 'vitest';
import { readText } from '../../helpers.ts';
import { ask, askInOrders, askWhy, type Options } from './asked.ts';

const machine = (text: string, kernel = '6.12') => readText(`kernel: "${kernel}"\nhpet: off\n${text}`);
const DISK = 'devices: [{ name: disk, driver: nvme, queues: 2 }]\n';
const AT_ONCE = 'it does not hold before anything happens';
const SIMULATED = 'suspend and resume were simulated';

describe('a kernel that is dead', () => {
  test.each<[string, ...string[]]>([
    ['no-io-hangs', 'fails by exhaustive, 0 of null CPUs, 1', ': the kernel panics at boot', AT_ONCE],
    ['offline-accepted', 'fails by exhaustive, 0 of null CPUs, 1', ': the kernel panics at boot', AT_ONCE],
    ['reachable-after-plug', 'fails by exhaustive, 1', ': the kernel panics at boot', AT_ONCE],
    ['suspend-works', 'fails by exhaustive, 1', 'suspend: the kernel panics at boot', SIMULATED],
    [
      'probe-order-free',
      'fails by exhaustive, 1',
      'disk; : the kernel panics at boot',
      'orders were tried until one failed',
    ],
  ])('at boot: %s', async (property, ...expected) => {
    expect(askWhy(await machine(`cpus: [{ apicId: 300 }]\n${DISK}`), property)).toEqual(expected);
  });

  test.each<[string, ...string[]]>([
    ['no-io-hangs', 'fails by exhaustive, 3 of null CPUs, 1', ': the kernel crashes', AT_ONCE],
    ['reachable-after-plug', 'fails by exhaustive, 1', ': the kernel crashes', AT_ONCE],
    ['suspend-works', 'fails by exhaustive, 1', 'suspend: the kernel crashed before', SIMULATED],
  ])('after its events: %s', async (property, ...expected) => {
    const text = `topology: { cores: 4 }\ncmdline: isolcpus=domain,0-2\nevents: [{ offline: 3 }]\n${DISK}`;
    expect(askWhy(await machine(text, '6.1'), property)).toEqual(expected);
  });
});

describe('the last CPUs that isolcpus= leaves', () => {
  const ISOLATED = `topology: { cores: 4 }\ncmdline: isolcpus=domain,0-1\n${DISK}`;
  const last = 'CPU 3 is the last online CPU that isolcpus= leaves to the scheduler';

  test.each<[string, ...string[]]>([
    ['no-io-hangs', 'holds by closed-form, 1 of 1 CPUs, 3', `offline 2,3: the kernel crashes: ${last}`],
    ['offline-accepted', 'holds by closed-form, 1 of 1 CPUs, 3', `offline 2,3: the kernel crashes: ${last}`],
    ['suspend-works', 'fails by exhaustive, 1', `suspend: in suspend: ${last}`],
  ])('6.1: %s', async (property, ...expected) => {
    expect(ask(await machine(ISOLATED, '6.1'), property)).toEqual(expected);
  });

  test.each<[string, ...string[]]>([
    ['no-io-hangs', 'holds by closed-form, 3 of 3 CPUs, 7'],
    ['no-queue-stops', 'holds by exhaustive, 3 of 3 CPUs, 7'],
    [
      'offline-accepted',
      'holds by closed-form, 1 of 1 CPUs, 3',
      `offline 2,3: the kernel refuses it: ${last}`,
    ],
    ['suspend-works', 'fails by exhaustive, 1', `suspend: suspend is given up: ${last}`],
  ])('6.12: %s', async (property, ...expected) => {
    expect(ask(await machine(ISOLATED), property)).toEqual(expected);
  });
});

describe('interrupts on isolated CPUs', () => {
  const why = 'each interrupt stays on CPUs of its mask that are not isolated while one is left';
  const on3 = 'the interrupt of disk queue 1 is on the isolated CPU 3';
  const NIC = 'devices: [{ name: nic, driver: generic, managed: false, vectors: 4 }]\n';

  test.each<[string, string, ...string[]]>([
    [
      'isolcpus=managed_irq,domain,3 irqaffinity=0-2',
      DISK,
      'fails by closed-form, 0 of 0 CPUs, 1',
      `offline 2: ${on3}`,
      why,
    ],
    [
      'isolcpus=domain,3 irqaffinity=0-2',
      DISK,
      'fails by exhaustive, 3 of null CPUs, 1',
      `: ${on3}`,
      AT_ONCE,
    ],
    ['irqaffinity=0', DISK, 'holds by closed-form, 3 of 3 CPUs, 7', 'no CPU is isolated'],
    ['isolcpus=domain,3 irqaffinity=0', NIC, 'holds by closed-form, 3 of 3 CPUs, 7', why],
  ])('%s %s', async (cmdline, devices, ...expected) => {
    const text = `topology: { cores: 4 }\ncmdline: ${cmdline}\n${devices}`;
    expect(askWhy(await machine(text), 'no-interrupt-on-isolated')).toEqual(expected);
  });
});

describe('a budget that is used up', () => {
  const LOSSY =
    'cpus: [{ apicId: "0-1", node: 0 }, { apicId: "2-3", node: 1 }]\ndevices: [{ name: nic, driver: generic, managed: false, vectors: 260, node: 1 }]\n';
  const tried = 'every order was tried, of CPUs that are alike one';
  const room =
    'what is left is the room of the CPUs that are left, less the interrupts that must stay somewhere';
  const cut = (size: number) =>
    `sets of ${size} CPU${size === 1 ? '' : 's'} and more are not covered: the budget is used up`;

  test.each<[string, Options, ...string[]]>([
    ['every-device-works', { budget: 1 }, 'unknown by null, 0 of null CPUs, 0', cut(1)],
    ['every-device-works', { budget: 8 }, 'unknown by symmetry, 1 of null CPUs, 3', tried, cut(2)],
    ['vectors-left=100', { budget: 1 }, 'unknown by closed-form, 2 of null CPUs, 6', room, cut(3)],
    [
      'every-device-works=220',
      { budget: 8 },
      'fails by symmetry, 0 of 0 CPUs, 1',
      'offline 2: nic: 201 of 260 queues work, fewer than 220',
      tried,
    ],
  ])('%s, %j', async (property, options, ...expected) => {
    expect(askWhy(await machine(LOSSY, '6.1.90'), property, options)).toEqual(expected);
  });
});

describe('nothing that may go, nothing that works', () => {
  test('one CPU', async () => {
    const only = await machine(`topology: { cores: 1 }\n${DISK}`);
    for (const property of ['no-io-hangs', 'offline-accepted', 'every-device-works'])
      expect(ask(only, property)).toEqual(['holds by closed-form, 0 of 0 CPUs, 0']);
  });

  test.each<[string, ...string[]]>([
    ['every-device-works', 'fails by exhaustive, 1 of null CPUs, 1', ': full: 0 of 500 queues work'],
    [
      'every-node-has-a-queue',
      'fails by exhaustive, 1 of null CPUs, 1',
      ': no queue of full that works has its interrupt on node 0',
    ],
    ['no-queue-stops', 'holds by closed-form, 1 of 1 CPUs, 1'],
    [
      'probe-order-free',
      'fails by exhaustive, 1',
      'full; : full gets less than it asks for: no interrupt vector: the probe fails with error -28',
    ],
  ])('a device without vectors: %s', async (property, ...expected) => {
    const none =
      'topology: { cores: 2 }\ndevices: [{ name: full, driver: generic, managed: false, vectors: 500 }]\n';
    expect(ask(await machine(none), property)).toEqual(expected);
  });
});

describe('CPUs that come', () => {
  const SLOTS = (cpus: string, queues: number) =>
    `platform: kvm\ncpus: [{ apicId: "0-1" }, { apicId: "${cpus}", state: absent }]\n${DISK.replace('2', `${queues}`)}`;

  test('a kernel that numbers them as they come: the number is the next', async () => {
    expect(ask(await machine(SLOTS('2,300', 4), '6.1'), 'reachable-after-plug')).toEqual([
      'fails by closed-form, 2',
      'plug 300, online 2: a CPU with APIC ID 300 does not come online: CPU 2 cannot come online: its APIC ID 300 is above the limit 255',
    ]);
  });

  test('an older kernel counts their vectors, where masks of interrupts do not hold them', async () => {
    const nic = 'devices: [{ name: nic, driver: generic, managed: false, vectors: 450 }]\n';
    const three = 'platform: kvm\ncpus: [{ apicId: "0-2" }, { apicId: 3, state: absent }]\n';
    expect(ask(await machine(`legacyIrqs: off\n${three}${nic}`, '6.1.90'), 'no-queue-stops')).toEqual([
      'fails by exhaustive, 0 of 0 CPUs, 1',
      'plug 3, online 3, offline 1: nic queue 313 stops: its interrupt stays on CPU 1, which is offline',
    ]);
  });

  test.each<[string, ...string[]]>([
    [
      'reachable-after-plug',
      'fails by closed-form, 1',
      'plug 300, online 2: pci-msi cannot address APIC ID 300 of CPU 2',
    ],
    [
      'no-io-hangs',
      'fails by closed-form, 0 of null CPUs, 1',
      'plug 300, online 2: I/O of CPU 2 to disk queue 2 hangs: no online CPU of 2 can be addressed',
    ],
  ])('P2 brings up what messages cannot address: %s', async (property, ...expected) => {
    expect(ask(await machine(`policy: P2\n${SLOTS('300', 3)}`), property)).toEqual(expected);
  });
});

describe('orders of probing', () => {
  const DEVICES = (more = '') =>
    `topology: { cores: 2 }\ndevices: [{ name: a, driver: nvme, queues: 2 }, { name: b, driver: virtio-blk, queues: 2 }${more}]\n`;
  const third = (vectors: number) => `, { name: c, driver: generic, managed: false, vectors: ${vectors} }`;
  const hangs =
    'a queue stops when the last usable CPU of its mask goes, and then hangs only if another CPU that is mapped to it runs';

  test('all at once, where each device gets what it asks for in any order', async () => {
    expect(askInOrders(await machine(DEVICES()), 'no-io-hangs')).toEqual([
      'holds by closed-form, 1 of 1 CPUs, 2',
      hangs,
      'whatever the order of probing, each device gets all it asks for, and as much room is left on each CPU',
    ]);
  });

  test('one after the other, where there is too little', async () => {
    expect(askInOrders(await machine(DEVICES(third(398))), 'no-io-hangs')).toEqual([
      'holds by closed-form, 1 of 1 CPUs, 6',
      hangs,
      'this holds for all 6 orders of probing',
    ]);
  });

  test('the first that fails is told', async () => {
    expect(askInOrders(await machine(DEVICES(third(398))), 'every-device-works')).toEqual([
      'fails by exhaustive, 1 of null CPUs, 1',
      'a,b,c; : c: 0 of 398 queues work',
      AT_ONCE,
    ]);
    expect(askInOrders(await machine(DEVICES(third(390))), 'offline-accepted').slice(0, 2)).toEqual([
      'fails by closed-form, 0 of 0 CPUs, 1',
      'a,b,c; offline 1: the kernel refuses it: the other CPUs have too few free vectors for those of CPU 1',
    ]);
  });

  test.each<[number, Options, boolean, string]>([
    [3, { budget: 50 }, false, 'only 3 orders of probing were tried, of 6'],
    [1, { budget: 20 }, false, 'only 1 order of probing was tried, of 6'],
    [1, {}, true, 'only 1 order of probing was tried, of 6'],
  ])('%i of 6, then it is stopped', async (_, options, stopped, why) => {
    expect(askInOrders(await machine(DEVICES(third(398))), 'no-io-hangs', options, () => stopped)).toEqual([
      'unknown by null, 1 of null CPUs, 0',
      why,
    ]);
  });

  test('stopped after a proof that is one for all', async () => {
    const [text] = askInOrders(await machine(DEVICES()), 'no-io-hangs', {}, () => true);
    expect(text).toBe('holds by closed-form, 1 of 1 CPUs, 2');
  });

  test('an order that leaves too little for the last', async () => {
    const text =
      'cpus: [{ apicId: "0-1", node: 0 }, { apicId: "2-3", node: 1 }]\ndevices: [{ name: a, driver: generic, managed: true, vectors: 4 }, { name: b, driver: generic, managed: false, vectors: 402, node: 0 }]\n';
    expect(askInOrders(await machine(text), 'every-device-works').slice(0, 2)).toEqual([
      // Seven sets of the first order, and none of this.
      'fails by exhaustive, 3 of null CPUs, 8',
      'b,a; : a: 0 of 4 queues work',
    ]);
  });

  test.each(['every-device-works', 'no-queue-stops', 'no-io-hangs', 'vectors-left'])(
    'one proof for all: %s',
    async (property) => {
      const nics = `topology: { cores: 2 }\ndevices: [{ name: a, driver: generic, managed: false, vectors: 2 }${third(4)}]\n`;
      expect(askInOrders(await machine(nics), property).at(-1)).toContain('whatever the order of probing');
    },
  );

  test('properties of the orders themselves are asked once', async () => {
    expect(askInOrders(await machine(DEVICES()), 'probe-order-free')).toEqual([
      'holds by closed-form, 2',
      'whatever ordinary interrupts take where they may go, each CPU has room for what is reserved on it',
    ]);
  });
});
