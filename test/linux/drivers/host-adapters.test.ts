/** How SCSI host adapters size their reply queues, where CPUs are possible that are not online. */
import { describe, expect, test } from 'vitest';
import { analyzeText } from '../../helpers.ts';

/** 8 possible CPUs, of which 4 are online at probe. */
const device = async (driver: string, more: string) => {
  const { run } = await analyzeText(
    `kernel: "6.12"\nhpet: off\ntopology: { sockets: 2, cores: 4, present: 4 }\ndevices:\n  - { name: hba, driver: ${driver}${more} }\n`,
  );
  const [{ vectorsAsked, queues }] = run.devices;
  return { vectorsAsked, queues: queues.length, first: queues[0].vectorIndex, managed: queues[0].managed };
};

describe.each([
  // driver, vectors asked and queues without a limit, then with a firmware of 3 vectors
  ['megaraid_sas', { vectorsAsked: 5, queues: 4, first: 1 }, { vectorsAsked: 3, queues: 2, first: 1 }],
  ['mpt3sas', { vectorsAsked: 4, queues: 4, first: 0 }, { vectorsAsked: 3, queues: 3, first: 0 }],
  ['mpi3mr', { vectorsAsked: 9, queues: 8, first: 1 }, { vectorsAsked: 3, queues: 2, first: 1 }],
  ['smartpqi', { vectorsAsked: 4, queues: 4, first: 0 }, { vectorsAsked: 3, queues: 3, first: 0 }],
])('%s', (driver, unlimited, limited) => {
  test('has a managed queue for each CPU that it counts', async () => {
    expect(await device(driver, '')).toEqual({ ...unlimited, managed: true });
  });

  test('has no more vectors than the firmware', async () => {
    expect(await device(driver, ', vectors: 3')).toEqual({ ...limited, managed: true });
  });

  test('queues of the description leave room for what comes before them', async () => {
    expect(await device(driver, ', queues: 2')).toMatchObject({ queues: 2, first: unlimited.first });
  });
});
