/** What the boot leaves behind before drivers are probed: numbers and vectors of the pins of the IO-APIC. */
import { describe, expect, test } from 'vitest';
import { simulate } from '../../../src/linux/sim/simulate.ts';
import { readText } from '../../helpers.ts';

const boot = async (cmdline: string, more = '') => {
  const { run } = simulate(
    await readText(`
kernel: "6.12"
hpet: off
topology: { cores: 4 }
cmdline: "${cmdline}"
${more}
devices: [{ name: nic, driver: generic, managed: false, vectors: 3 }]
`),
  );
  return run;
};
const firstIrq = async (cmdline: string) => (await boot(cmdline)).devices[0].queues[0].irq;

/** ISA interrupts but the cascade; all but the timer only reserve a vector. */
const PINS = 15;
const RESERVED = PINS - 1;

describe('the first number for messages', () => {
  test.each(['', 'maxcpus=1', 'acpi=off', 'nr_cpus=1'])(
    '%j: behind the 24 pins of an IO-APIC',
    async (cmdline) => {
      expect(await firstIrq(cmdline)).toBe(24);
    },
  );

  test.each(['noapic', 'maxcpus=0', 'nosmp', 'nolapic'])(
    '%s: without IO-APIC, behind the legacy ones',
    async (cmdline) => {
      expect(await firstIrq(cmdline)).toBe(16);
    },
  );
});

describe('legacy vectors', () => {
  test('are reserved for the pins; the timer keeps its own', async () => {
    const { vectors } = await boot('');
    expect(vectors.globalReserved).toBe(RESERVED);
    // The timer, and three of the device.
    expect(vectors.totalAllocated).toBe(1 + 3);
  });

  test('without IO-APIC are vectors of the system on every CPU', async () => {
    const { vectors } = await boot('noapic');
    expect(vectors.globalReserved).toBe(0);
    expect(vectors.totalAllocated).toBe(3);
    for (const { available, allocated } of vectors.perCpu)
      expect(available + allocated).toBe(vectors.perCpuCapacity);
  });

  test('of 5, 9, 10 and 11, which the MP table does not list, stay on the boot CPU', async () => {
    const { vectors } = await boot('acpi=off');
    expect(vectors.globalReserved).toBe(RESERVED - 4);
    expect(vectors.totalAllocated).toBe(1 + 4 + 3);
    expect(vectors.perCpu[0].allocated).toBeGreaterThanOrEqual(1 + 4);
  });

  test('are not there on a machine without PIC', async () => {
    const { vectors } = await boot('', 'legacyIrqs: false');
    expect(vectors.globalReserved).toBe(0);
    expect(vectors.totalAllocated).toBe(3);
  });
});

test('without PIC and without IO-APIC nothing is kept for legacy interrupts', async () => {
  const { vectors } = await boot('noapic', 'legacyIrqs: false');
  for (const { available, allocated } of vectors.perCpu)
    expect(available + allocated).toBe(vectors.perCpuCapacity);
});

test('nobody is refused, and the log ends with what the APIC mode was decided by', async () => {
  const { refused, messages, hpet } = await boot('');
  expect(refused).toEqual([]);
  expect(hpet).toEqual([]);
  expect(messages).toEqual([
    'CPU topo: Allowing 4 present CPUs plus 0 hotplug CPUs',
    "x2apic: IRQ remapping doesn't support X2APIC mode",
  ]);
});

describe('irqaffinity=', () => {
  const maskOf = async (cmdline: string, kernel = '6.12') => {
    const { run } = simulate(
      await readText(
        `kernel: "${kernel}"\nhpet: off\ntopology: { cores: 4 }\ncmdline: "${cmdline}"\n` +
          'devices: [{ name: nic, driver: generic, managed: false, vectors: 1 }]\n',
      ),
    );
    return run.devices[0].queues[0].affinity.toString();
  };

  test.each([
    ['', '0-3'],
    ['irqaffinity=2', '0,2'],
    ['irqaffinity=0', '0'],
    ['irqaffinity=1-3', '0-3'],
  ])('%j: %s', async (cmdline, mask) => {
    expect(await maskOf(cmdline)).toBe(mask);
  });

  test('the last CPU by name, which 5.10 does not understand', async () => {
    expect(await maskOf('irqaffinity=N')).toBe('0,3');
    expect(await maskOf('irqaffinity=N', '5.10')).toBe('0');
  });
});

test.each([
  ['', '', 201],
  ['ia32_emulation=off', '', 202],
  ['ia32_emulation=on', 'kernelConfig: { ia32: off }', 202],
  ['ia32_emulation=off', 'kernelConfig: { ia32: off }', 202],
])(
  '%j %j: %i vectors a CPU, one more without the entry of 32-bit programs',
  async (cmdline, more, vectors) => {
    const { vectors: had } = await boot(cmdline, more);
    expect(had.perCpuCapacity).toBe(vectors);
    expect(had.perCpu.map(({ available, allocated }) => available + allocated)).toEqual(
      Array(4).fill(vectors),
    );
  },
);
