/** What JavaScript gives every object (`constructor`) is no name that an input may use: not in any table. */
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/machine/locate.ts';
import { importOne } from './importers.ts';

const NAMES = ['constructor', 'toString', 'valueOf', 'hasOwnProperty', '__proto__'];

/** Inputs in which a name stands where a table is asked. */
const INPUTS: Readonly<Record<'libvirt' | 'virt-install' | 'QEMU' | 'native', (name: string) => string>> = {
  libvirt: (name) => `<domain type='kvm'><vcpu>2</vcpu>
    <os><type arch='x86_64' machine='q35'>hvm</type></os>
    <features><hyperv><${name} state='on'/></hyperv><ioapic driver='${name}'/></features>
    <cpu mode='${name}'><feature policy='${name}' name='x2apic'/></cpu>
    <clock><timer name='${name}' present='yes'/></clock>
    <launchSecurity type='${name}'/>
    <devices><${name}/><controller type='scsi' model='${name}'/><hostdev type='${name}'/></devices></domain>`,
  'virt-install': (name) => `virt-install --vcpus 2 --${name} x --disk bus=virtio --iommu model=${name}`,
  QEMU: (name) =>
    `qemu-system-x86_64 -smp 2 -${name} x -device ${name} -machine ${name} -cpu max,${name}=on -accel ${name}`,
  native: (name) => `kernel: ${name}\nplatform: kvm\n`,
};

/** What comes of an input, its messages included; `letters` of the name, in whatever case, are left out. */
async function outcomeOf(input: string, letters: string): Promise<string> {
  const masked = (text: string): string => text.replaceAll(new RegExp(letters, 'gi'), 'NAME');
  try {
    const { machine } = await importOne(input);
    return masked(JSON.stringify([machine.notUnderstood, machine.devices], null, 1));
  } catch (error) {
    if (error instanceof InputError) return masked(error.format());
    throw error;
  }
}

describe.each(Object.entries(INPUTS))('%s', (_, inputWith) => {
  // Like any other name that nobody knows: the input is read, or refused with a message, but nothing breaks.
  test.each(NAMES)('%s is a name like others', async (name) => {
    const letters = name.replaceAll('_', '');
    const other = 'x'.repeat(letters.length);
    expect(await outcomeOf(inputWith(name), letters)).toBe(
      await outcomeOf(inputWith(name.replace(letters, other)), other),
    );
  });
});
