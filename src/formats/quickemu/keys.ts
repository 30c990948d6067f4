/** The settings of quickemu 4.9, by whether they say something about CPUs, devices or the machine type. */

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Read by reader.ts. */
export const USED = words(`
  guest_os cpu_cores disk_img network extra_args mouse keyboard sound_card usb_controller public_dir machine_type arch`);

/** Without bearing. */
export const WITHOUT_BEARING = words(`
  ram iso img fixed_iso floppy unattended boot secureboot tpm disk_size disk_format preallocation macos_release port_forwards
  ssh_port spice_port display gl viewer width height screen screenpct resolution fullscreen keyboard_layout
  sound_duplex usb_devices macaddr monitor monitor_telnet_host monitor_telnet_port monitor_cmd serial serial_telnet_host
  serial_telnet_port braille access accessibility public_perms vm_name name description snapshot status_quo cpu_pinning
  smartcard`);

/** Guests other than Linux, by guest_os. */
export const SYSTEMS = {
  windows: 'Windows',
  'windows-server': 'Windows',
  macos: 'macOS',
  freebsd: 'FreeBSD',
  ghostbsd: 'FreeBSD',
  dragonflybsd: 'DragonFly BSD',
  netbsd: 'NetBSD',
  openbsd: 'OpenBSD',
  'truenas-core': 'FreeBSD',
  freedos: 'FreeDOS',
  haiku: 'Haiku',
  kolibrios: 'KolibriOS',
  reactos: 'ReactOS',
  solaris: 'Solaris',
} as const satisfies Readonly<Record<string, string>>;

/** Guests whose devices are those that {@link USED} lists without more; others get some of their own. */
export const USUAL_DEVICES = words('linux windows');
