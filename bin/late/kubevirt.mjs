export { describeGuest } from '../../src/formats/kubevirt/domain.ts';
