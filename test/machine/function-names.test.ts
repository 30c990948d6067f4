/** Names of kernel functions by release. */
import { describe, expect, test } from 'vitest';
import {
  asNamedIn,
  FUNCTION_NAMES,
  functionsNamedIn,
  otherNamesIn,
} from '../../src/machine/function-names.ts';
import { kernelProfile } from '../../src/machine/kernel.ts';

describe('function names', () => {
  test.each(FUNCTION_NAMES)('$name was $formerly in the oldest kernel', ({ name, formerly }) => {
    expect(asNamedIn(kernelProfile('4.19'), `see ${name}().`)).toBe(`see ${formerly}().`);
    expect(asNamedIn(kernelProfile('7.3'), `see ${name}().`)).toBe(`see ${name}().`);
  });

  test('whole names only', () => {
    expect(asNamedIn(kernelProfile('5.4'), 'group_cpus_evenly_2, my_native_kick_ap')).toBe(
      'group_cpus_evenly_2, my_native_kick_ap',
    );
  });

  test('a function that a caller did itself is named once', () => {
    const list = 'nvme_setup_io_queues, nvme_setup_irqs';
    expect(functionsNamedIn(kernelProfile('4.19'), list)).toBe('nvme_setup_io_queues');
    expect(functionsNamedIn(kernelProfile('5.0'), list)).toBe(list);
  });

  test('other names count only in the kernels asked about', () => {
    expect(otherNamesIn('native_kick_ap', [kernelProfile('6.5')])).toEqual([]);
    expect(otherNamesIn('native_kick_ap', [kernelProfile('6.4')]).map(({ formerly }) => formerly)).toEqual([
      'native_cpu_up',
    ]);
  });
});
