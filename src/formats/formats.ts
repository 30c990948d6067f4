/** The names of the formats that can be read, and what each reads, for options and help; the readers are in index.ts. */

/** In the order that readers are asked whether they recognise an input. */
export const INPUT_FORMATS = {
  acpi: 'an ACPI table (MADT), or the output of acpidump',
  vmware: 'VMware: .vmx file',
  opennebula: 'OpenNebula: virtual machine template (KVM)',
  'virt-install': 'virt-install command line',
  kubevirt: 'KubeVirt: YAML of VirtualMachine and VirtualMachineInstance, also several in one file',
  'cloud-hypervisor': 'Cloud Hypervisor: JSON configuration or command line',
  firecracker: 'Firecracker: JSON configuration',
  xen: 'Xen: xl.cfg of an HVM or PVH guest',
  bhyve: 'bhyve: command line or bhyve_config file',
  crosvm: 'crosvm: command line or JSON configuration',
  propolis: 'Propolis: TOML of propolis-standalone',
  qemu: 'QEMU: command line, libvirt log, /proc/PID/cmdline or -readconfig file',
  libvirt: 'libvirt domain XML (also inside domainsnapshot and domstatus)',
  proxmox: 'Proxmox VE machine configuration (qemu-server/ID.conf)',
  native: "irqsim's own machine description, YAML or JSON",
} as const;

export type InputFormat = keyof typeof INPUT_FORMATS;
