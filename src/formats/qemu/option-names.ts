/** The options of QEMU's x86 programs (7.2 to 11.1, and older ones that scripts still have): which are read, which do not matter. */

import { lookup } from '../../lib/lookup.ts';

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Options with an argument that decide on CPUs, devices, the machine or the kernel: collect.ts reads them. */
const READ = words(`
  machine accel smp cpu device netdev numa global name append drive nic net readconfig virtfs vga object balloon
  chardev rtc audio set`);

/** Switches that are read. */
const READ_SWITCHES = words('enable-kvm no-hpet no-acpi no-kvm no-kvm-irqchip nodefaults');

/** Options with an argument that have no bearing on CPUs and interrupts. */
const IDLE = words(`
  acpitable action add-fd alsa audiodev bios blockdev boot bootp bt cdrom chroot clock
  compat D d debugcon dfilter display dtb dump-vmstate echr fda fdb fsdev fw_cfg g gdb hda hdachs hdb hdc hdd icount
  id incoming initrd iscsi k kernel L l loadvm m mem-path memory-path mon monitor msg mtdblock option-rom
  overcommit p parallel pcidevice pflash pidfile plugin prom-env qmp qmp-pretty redir resume rotate run-with runas
  sandbox sd seccomp seed semihosting-config serial shim smb smbios soundhw spice spice-port startdate tb-size
  tcg tftp tpmdev trace usbdevice uuid virtioconsole vmcoreinfo vnc watchdog watchdog-action win2k-file
  writeconfig xen-domid`);

/** Switches that have none. */
const IDLE_SWITCHES = words(`
  S s alt-grab async ctrl-grab curses daemonize enable-fips enable-sync-profile full-screen gtk help h jitdump
  localtime mem-prealloc no-fd-bootchk no-frame no-kvm-pit no-kvm-pit-reinjection no-quit no-reboot no-shutdown
  no-user-config nodefconfig nographic old-param one-insn-per-tb only-migratable perfmap portrait
  preconfig sdl semihosting singlestep snapshot tdf usb version win2k-hack xen-attach xen-create
  xen-domid-restrict`);

export type OptionRole = 'read' | 'idle';

export interface OptionKind {
  readonly role: OptionRole;
  readonly takesArgument: boolean;
}

const KINDS: ReadonlyMap<string, OptionKind> = new Map<string, OptionKind>([
  ...READ.map((name) => [name, { role: 'read', takesArgument: true }] as const),
  ...READ_SWITCHES.map((name) => [name, { role: 'read', takesArgument: false }] as const),
  ...IDLE.map((name) => [name, { role: 'idle', takesArgument: true }] as const),
  ...IDLE_SWITCHES.map((name) => [name, { role: 'idle', takesArgument: false }] as const),
]);

const ALIASES = { M: 'machine' } as const;

/** The name in full: "machine" for "M". */
export function fullName(name: string): string {
  return lookup(ALIASES, name) ?? name;
}

/** What is known of an option, by its full name; undefined for one that is not known. */
export function optionKind(name: string): OptionKind | undefined {
  return KINDS.get(name);
}
