/** Versions of products that irqsim does not know. */
import { expect, test } from 'vitest';
import { unknownVersions } from '../../src/formats/stack.ts';

test.each([
  [{ libvirt: '12.9' }, ['libvirt 12.9']],
  [{ qemu: '11.2', kubevirt: '2.0' }, ['qemu 11.2', 'kubevirt 2.0']],
  [{ libvirt: '12.8.1', qemu: '11.1', 'cloud-hypervisor': '53', proxmox: '9.2' }, []],
  [{}, []],
])('%j', (stack, named) => {
  const found = unknownVersions(stack as Record<string, string>);
  expect(found.map(({ message }) => message.split(' is not known')[0])).toEqual(named);
  for (const one of found) expect(one.level).toBe('warning');
});
