/** Devices that irqsim does not list: those without message interrupts, and those whose vectors it leaves out by name. */

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Line interrupts at most, or no device of the guest's PCI bus. */
const WITHOUT_VECTORS = words(`
  AC97 adlib am53c974 amd-iommu AMDVI-PCI applesmc ati-vga bochs-display ccid-card-emulated ccid-card-passthru cirrus-vga
  cs4231a dc390 e1000 e1000-82544gc e1000-82545em ES1370 filter-dump floppy fw_cfg generic-sdhci gus
  hda-duplex hda-micro hda-output hyperv-testdev i6300esb i82550 i82551 i82557a i82557b i82557c i82558a i82558b
  i82559a i82559b i82559c i82559er i82562 i82801 ib700 ide-cd ide-drive ide-hd intel-iommu ipmi-bmc-extern ipmi-bmc-sim
  isa-applesmc isa-cirrus-vga isa-debug-exit isa-debugcon isa-fdc isa-ide isa-ipmi-bt isa-ipmi-kcs isa-parallel
  isa-serial isa-vga ivshmem-plain kvm-pci-assign loader lsi lsi53c810 lsi53c895a ne2k_isa ne2k_pci nvdimm nvme-ns
  nvme-subsys pc-dimm pc-testdev pci-bridge-seat pci-ipmi-bt pci-ipmi-kcs pci-serial pci-serial-2x pci-serial-4x
  pci-testdev pcm3680_pci pcnet piix3-ide piix3-usb-uhci piix4-ide piix4-usb-uhci pl110 pvpanic pvpanic-pci
  pxb pxb-pcie pxb-host qxl qxl-vga ramfb rtl8139 sb16 scsi-block scsi-cd scsi-disk scsi-generic scsi-hd
  sd-card secondary-vga sga smbus-eeprom smbus-ipmi SUNW,fcode tpm-crb tpm-tis tulip u2f-emulated u2f-passthru ufs-lu usb-audio usb-bot
  usb-braille usb-bt-dongle usb-ccid usb-ehci usb-host usb-hub usb-kbd usb-mouse usb-mtp usb-net usb-redir usb-serial
  usb-storage usb-tablet usb-uas usb-wacom-tablet VGA VGA-pci virtconsole virtio-iommu virtio-iommu-pci virtserialport vmcoreinfo
  vmgenid vmmouse vmware-svga vmxnet ich9-usb-ehci1 ich9-usb-ehci2 ich9-usb-uhci1 ich9-usb-uhci2 ich9-usb-uhci3
  ich9-usb-uhci4 ich9-usb-uhci5 ich9-usb-uhci6 pci-ohci i82801b11-bridge pci-bridge dec-21154 hv-syndbg hv-balloon
  vmbus-bridge vhost-scsi-ide acpi-erst acpi-generic-initiator acpi-generic-port virtio-mmio cfi.pflash01 xen-pvdevice
  can-host-socketcan kvaser_pci mioe3680_pci igd-passthrough-isa-bridge sdhci-pci virtio-nsm-pci or-irq split-irq`);

/** Devices that take vectors and have no queues of their own; how many is given where it is known. */
export const LEFT_OUT = {
  'pcie-root-port': 'one vector, not measured',
  ioh3420: 'one vector, not measured',
  'pcie-pci-bridge': 'one vector at most',
  'x3130-upstream': 'one vector at most',
  'xio3130-downstream': 'one vector at most',
  'cxl-rp': 'one vector at most',
  'cxl-upstream': 'one vector at most',
  'cxl-downstream': 'one vector at most',
  'pxb-cxl': 'no vector that is known',
  'cxl-type3': 'vectors not measured',
  'qemu-xhci': 'up to 16 vectors, not measured',
  'nec-usb-xhci': 'up to 16 vectors, not measured',
  'usb-xhci': 'up to 16 vectors, not measured',
  ahci: 'one vector',
  'ich9-ahci': 'one vector',
  'intel-hda': 'one vector',
  'ich9-intel-hda': 'one vector',
  mptsas1068: 'one vector, not measured',
  edu: 'one vector',
  ivshmem: 'as many vectors as vectors= says, 1 by default',
  rocker: 'vectors by its ports',
  ufs: 'one vector at most',
  'vhost-user-i2c-pci': 'two vectors, not measured',
  'vhost-user-gpio-pci': 'vectors not known',
  'vhost-user-snd-pci': 'vectors not known',
  'vhost-user-scmi-pci': 'vectors not known',
  'vhost-user-device-pci': 'queues not known',
  'vhost-user-test-device-pci': 'queues not known',
  'virtio-gpu-rutabaga-pci': 'three vectors, not measured',
  'virtio-vga-rutabaga': 'three vectors, not measured',
} as const;

/** True for devices without vectors. */
export function hasNoVectors(driver: string): boolean {
  return WITHOUT_VECTORS.has(driver);
}

/** "virtio-blk-device" sits on virtio-mmio: one line interrupt. */
export function isOnMmio(driver: string): boolean {
  return /^(?:virtio|vhost)-[\w-]+-device$/.test(driver) || driver === 'virtio-serial-device';
}
