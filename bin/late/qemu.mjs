export { collectMachine } from '../../src/formats/qemu/collect.ts';
export { describeQemu } from '../../src/formats/qemu/machine.ts';
