export { machinesOfTree } from '../../src/formats/linux-capture/machine.ts';
