/** x2APIC entries (type 9) with APIC IDs that xAPIC entries could hold (docs/model/enumeration.md#madt-entries). */
import { describe, expect, test } from 'vitest';
import { analyzeText } from '../../helpers.ts';

const enumerated = async (kernel: string, cpus: string) => {
  const { enumeration, findings } = await analyzeText(
    `kernel: "${kernel}"\nplatform: kvm\nx2apic: enabled\ncpus:\n${cpus}`,
  );
  return {
    ids: enumeration.cpus.map(({ apicId }) => apicId),
    ignored: enumeration.ignored.map(({ apicId, why }) => `${apicId} ${why}`),
    rules: findings.map(({ rule, level }) => `${level} ${rule}`),
  };
};

const BOTH = '  - { apicId: 0-3 }\n  - { apicId: 0-3, entry: x2apic, duplicate: on }\n';

describe('each CPU in an entry of either kind', () => {
  test('6.7 and newer count it once', async () => {
    const { ids, ignored, rules } = await enumerated('6.12', BOTH);
    expect(ids).toEqual([0, 1, 2, 3]);
    expect(ignored).toEqual(['0 duplicate', '1 duplicate', '2 duplicate', '3 duplicate']);
    expect(rules).toContain('note x2apic-entries-ignored');
  });

  test('older kernels count it twice', async () => {
    const { ids, rules } = await enumerated('6.6', BOTH);
    expect(ids).toEqual([0, 1, 2, 3, null, null, null, null]);
    expect(rules).toContain('warning duplicate-apic-ids');
  });
});

describe('CPUs in an x2APIC entry alone', () => {
  const MIXED = '  - { apicId: 0-1 }\n  - { apicId: 2-3, entry: x2apic }\n  - { apicId: 300 }\n';

  test('6.9 and newer have no number for those below 255', async () => {
    const { ids, ignored } = await enumerated('6.12', MIXED);
    expect(ids).toEqual([0, 1, 300]);
    expect(ignored).toEqual(['2 shadowed', '3 shadowed']);
  });

  test('an xAPIC entry that is not usable shadows nothing', async () => {
    const text =
      '  - { apicId: 2-3, entry: x2apic }\n  - { apicId: 0-1, state: absent }\nfirmware: { onlineCapable: off }\n';
    expect((await enumerated('6.12', text)).ids).toEqual([2, 3]);
  });

  test('before 6.7 they count like others', async () => {
    expect((await enumerated('6.1', MIXED)).ids).toEqual([0, 1, 2, 3, 300]);
  });

  test('the order of 6.7 to 6.13 goes by the kind of entry', async () => {
    const wide = '  - { apicId: 2-3, entry: x2apic, boot: off }\n  - { apicId: 300 }\n';
    expect((await enumerated('6.9', wide)).ids).toEqual([2, 3, 300]);
  });
});

test('an xAPIC entry holds IDs up to 254', async () => {
  await expect(enumerated('6.12', '  - { apicId: 0-300, entry: xapic }\n')).rejects.toThrow(
    'cpus[0].entry: an xapic entry holds APIC IDs up to 254, not 300',
  );
});
