/**
 * Names that users have written down, which may be gone in a new major release only. A new one is promised from its
 * first release on: it comes into its list. The R numbers of rules are in test/findings/rules/numbers.test.ts.
 */
export const PROMISED = {
  readers:
    'acpi kernel-log proc-interrupts vmware opennebula virt-install kubevirt cloud-hypervisor incus firecracker kata xen bhyve vm-bhyve crosvm propolis virtme-ng quickemu qemu libvirt nova proxmox native',
  editors: 'native libvirt qemu kubevirt proxmox cloud-hypervisor',
  drivers: 'nvme virtio-blk virtio-scsi virtio-net virtio-fs megaraid_sas smartpqi mpt3sas mpi3mr generic',
  policies:
    'mainline hyperv-stub max-affinity reachable-like-online exclude-unreachable present-only redirect redirect-balanced extended-destination-id hpet-limited no-hpet-msi no-hpet',
  'report formats':
    'text json ndjson sarif junit github unix gitlab azure teamcity checkstyle html markdown csv',
  properties:
    'offline-accepted suspend-works no-queue-stops every-device-works every-node-has-a-queue no-io-hangs no-interrupt-on-isolated vectors-left probe-order-free reachable-after-plug',
  commands:
    'analyze replay why irqs budget explore prove whatif diff sweep solve advise batch merge import init verify capture dmesg lsp serve explain rules kernels policies schema completion man engine',
} as const;
