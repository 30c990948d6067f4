import { behind, instead, type Strangers } from './place.ts';

const JSON_TEXT = `{
  "cpus": { "boot_vcpus": 4, "max_vcpus": 8, "topology": { "threads_per_core": 1, "cores_per_die": 8, "dies_per_package": 1, "packages": 1 } },
  "payload": { "kernel": "/k", "cmdline": "quiet" },
  "memory": { "size": 1073741824 },
  "platform": { "num_pci_segments": 1 },
  "disks": [ { "path": "/d", "num_queues": 2 } ],
  "net": [ { "tap": "t0", "num_queues": 4 } ],
  "fs": [ { "tag": "a", "socket": "/s" } ],
  "numa": [ { "guest_numa_id": 0, "cpus": [0, 1, 2, 3, 4, 5, 6, 7] } ],
  "console": { "mode": "Tty" },
  "rate_limit_groups": [ { "id": "a", "rate_limiter_config": { "ops": { "size": 1, "refill_time": 1 } } } ],
  "rng": { "src": "/dev/urandom" }
}
`;
const LINE =
  'cloud-hypervisor --kernel vmlinux --cpus boot=4,max=8 --memory size=1G,shared=on --console off,iommu=on --platform num_pci_segments=2 --disk path=/d,num_queues=2 --net tap=t0 --rng src=/dev/urandom\n';

/** As `ch-remote info` prints it. */
const INFO = `{ "config": ${JSON_TEXT}, "state": "Running", "memory_actual_size": 1073741824, "device_tree": {} }\n`;

const KEYS = ['cpus', 'topology', 'payload', 'platform', 'disks', 'net', 'fs', 'numa', 'rng'];

export const cloudHypervisor: Strangers = {
  texts: [JSON_TEXT, INFO, LINE],
  places: [
    {
      what: 'an option again',
      put: behind(/--platform \S+/, ' --platform num_pci_segments=3'),
      becomes: 'warning',
      called: '--platform again',
    },
    {
      what: 'a key beside the configuration',
      put: behind(/"state": "Running",/, ' "stranger": 7,'),
      becomes: 'warning',
    },
    { what: 'a key', put: behind(/^\s*\{/, ' "stranger": { "a": 1 },'), becomes: 'warning' },
    ...KEYS.filter((key) => key !== 'payload').map((key) => ({
      what: `a key in ${key}`,
      put: behind(new RegExp(`"${key}"\\s*:\\s*(?:\\[\\s*)?\\{`), ' "stranger": 7,'),
      becomes: 'warning' as const,
    })),
    { what: 'a key in payload', put: behind(/"payload"\s*:\s*\{/, ' "stranger": 7,'), becomes: 'warning' },
    ...['memory', 'console', 'rate_limiter_config', 'ops'].map((key) => ({
      what: `a key in an idle ${key}`,
      put: behind(new RegExp(`"${key}"\\s*:\\s*\\{`), ' "stranger": 7,'),
      becomes: 'note' as const,
    })),
    { what: 'a part of --memory', put: behind(/--memory \S+/, ',stranger=7'), becomes: 'note' },
    { what: 'a part of --console', put: behind(/--console \S+/, ',stranger=7'), becomes: 'note' },
    { what: 'a part of --platform', put: behind(/--platform \S+/, ',stranger=7'), becomes: 'warning' },
    { what: 'an option', put: behind(/--kernel \S+/, ' --stranger a=1'), becomes: 'warning' },
    { what: 'a word in front', put: behind(/^cloud-hypervisor/, ' stranger'), becomes: 'warning' },
    { what: 'a word', put: behind(/--kernel \S+/, ' stranger'), becomes: 'warning' },
    { what: 'a variable', put: behind(/--kernel \S+/, ' $stranger'), becomes: 'warning' },
    { what: 'a part of --cpus', put: behind(/--cpus \S+/, ',stranger=7'), becomes: 'warning' },
    { what: 'a part of --disk', put: behind(/--disk \S+/, ',stranger=7'), becomes: 'warning' },
    { what: 'a part of --net', put: behind(/--net \S+/, ',stranger=7'), becomes: 'warning' },
    { what: 'a part of --rng', put: behind(/--rng (?!-)\S+/, ',stranger=7'), becomes: 'warning' },
    {
      what: 'a number that only the shell knows',
      put: instead(/boot=\d+/, 'boot="$stranger"'),
      becomes: 'refused',
    },
  ],
};
