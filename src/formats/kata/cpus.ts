/** vCPUs of a Kata sandbox: what is written, what the host bounds. */
import { LIMITS } from '../../machine/limits.ts';
import type { Location } from '../../machine/machine.ts';
import { definedHostCpus } from '../host-topology.ts';
import type { Notes } from '../notes.ts';
import type { Defines } from '../reader.ts';
import type { SourceValue } from '../text/source-value.ts';

/** The most that Kata gives a guest on x86. */
const MAX_VCPUS = 240;

const REMEDY = 'write a number, or supply the CPUs of the host with --define nproc=N';

export interface Vcpus {
  readonly vcpus: number;
  readonly vcpusAt: Location | undefined;
  readonly max: number;
  readonly maxAt: Location | undefined;
}

/** vCPUs at start and possible ones: neither is more than the host has. Throws InputError for what is no number. */
export function readVcpus(qemu: SourceValue, notes: Notes, defines: Defines): Vcpus {
  const host = definedHostCpus(defines);
  const most = Math.min(host ?? MAX_VCPUS, MAX_VCPUS);
  const wanted = qemu.get('default_vcpus');
  const wantedMax = qemu.get('default_maxvcpus');
  const asked = atStart(wanted);
  const max = maximum(wantedMax, most);
  if (asked < 0 && host === undefined) {
    notes.notUnderstood('default_vcpus below 0: as many as the host has', wanted?.place, ['CPUs'], REMEDY);
  }
  if (max === undefined) {
    if (host === undefined) {
      const part = `default_maxvcpus ${wantedMax ? '= 0' : 'is not there'}: as many as the host has`;
      notes.notUnderstood(part, (wantedMax ?? qemu).place, ['CPUs'], REMEDY);
      notes.assume(`the maximum is taken to be ${MAX_VCPUS}, the most that Kata gives`);
    }
  } else if (host === undefined) notes.assume('the host has as many CPUs as are asked for');
  if (!wanted) notes.assume('without default_vcpus a guest starts with one vCPU');
  const possible = max ?? most;
  const vcpus = asked < 0 ? possible : Math.max(1, Math.min(asked, most));
  // A guest that starts with more than its maximum has its maximum raised.
  return {
    vcpus,
    vcpusAt: wanted?.place,
    max: Math.max(possible, vcpus),
    maxAt: wantedMax?.place,
  };
}

/** `default_vcpus`, which may be a fraction; below 0: the host's. */
function atStart(value: SourceValue | undefined): number {
  if (!value) return 1;
  const number = /^-?\d{1,6}(?:\.\d{1,6})?$/.test(value.text()) ? Number(value.text()) : Number.NaN;
  if (!(number <= LIMITS.cpus)) throw value.fail('default_vcpus: a number of vCPUs is expected');
  return number === 0 ? 1 : Math.ceil(number);
}

/** `default_maxvcpus`, which more than Kata gives lower; undefined: the host's. */
function maximum(value: SourceValue | undefined, most: number): number | undefined {
  const number = value?.whole(0, 2 ** 31) ?? 0;
  return number === 0 ? undefined : Math.min(number, most);
}
