export { readDomain } from '../../src/formats/libvirt/domain.ts';
export { describeLibvirtGuest } from '../../src/formats/libvirt/guest.ts';
