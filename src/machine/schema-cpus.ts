/** The part of the schema about CPUs: by topology, or one by one. */
import { choice, count, int, numberList, object, optional, toggle } from './fields.ts';
import { LIMITS, MAX_NODE } from './limits.ts';
import { LEVELS } from './topology.ts';

/** CPUs by topology. */
export const topology = object(
  {
    sockets: optional(int(1, LIMITS.cpus), 'Sockets (packages).', 1),
    dies: optional(int(1, LIMITS.cpus), 'Dies in a socket.', 1),
    modules: optional(int(1, LIMITS.cpus), 'Modules in a die.', 1),
    cores: optional(int(1, LIMITS.cpus), 'Cores in a module.', 1),
    threads: optional(int(1, LIMITS.cpus), 'Threads in a core.', 1),
    max: optional(count(), 'Possible CPUs: the first `max` of the topology. Default: all of them.'),
    present: optional(
      numberList('a number of CPUs, or a list of CPU indexes such as "0-3,101"'),
      'Plugged CPUs: the first N if a number, these CPU indexes if a list. Default: all.',
    ),
    l2: optional(
      choice(LEVELS),
      'What shares an L2 cache: its CPUs stay together when kernels from 7.0 spread interrupts.',
      'core',
    ),
    nodes: optional(int(1, MAX_NODE + 1), 'NUMA nodes; sockets are dealt to them in equal blocks.', 1),
  },
  'a mapping with sockets, cores, threads …',
);

/** An entry of the list of CPUs. */
export const cpu = object(
  {
    apicId: optional(
      numberList('an APIC ID or a list such as "0-63,0x100-0x13f"'),
      'APIC ID: a number, hex ("0x100") or a range list, in firmware (MADT) order.',
    ),
    count: optional(count(), 'That many hot-plug slots whose APIC ID nobody knows yet (state: absent).'),
    node: optional(int(0, MAX_NODE), 'NUMA node by firmware.', 0),
    state: optional(
      choice(['online', 'offline', 'absent']),
      'online: started at boot; offline: present, not started; absent: not plugged.',
      'online',
    ),
    l2: optional(
      int(1, LIMITS.cpus),
      'CPUs that share an L2 cache, by APIC ID: 4 for 0-3, 4-7 … Default: those of a core.',
    ),
    duplicate: optional(toggle(), 'Firmware lists these APIC IDs a second time.', false),
    guessed: optional(
      toggle(),
      'Nobody knows these APIC IDs: free ones stand for them, and where they decide, reach is unknown.',
      false,
    ),
    entry: optional(
      choice(['xapic', 'x2apic']),
      'Kind of the MADT entries: xapic (type 0) or x2apic (type 9). Default: by APIC ID, type 9 from 255 on.',
    ),
    onlineCapable: optional(
      toggle(),
      'Absent CPUs: these entries carry the Online Capable flag. Default: as firmware.onlineCapable says.',
    ),
    boot: optional(toggle(), 'The CPU the kernel starts on. Default: the first online CPU.', false),
  },
  'a mapping such as { apicId: "0-7", node: 0 }',
);
