import { behind, instead, type Strangers } from './place.ts';

const GUEST = `apiVersion: kubevirt.io/v1
kind: VirtualMachine
metadata:
  name: one
spec:
  runStrategy: Always
  template:
    spec:
      architecture: amd64
      domain:
        cpu:
          cores: 2
          features:
            - name: x2apic
              policy: require
        machine:
          type: q35
        memory: { guest: 1Gi }
        clock:
          timer:
            hpet: { present: false }
        features:
          acpi: {}
          kvm: { hidden: false }
          hyperv:
            relaxed: {}
        devices:
          blockMultiQueue: true
          video: { type: virtio }
          disks:
            - name: root
              disk: { bus: virtio }
          interfaces:
            - name: default
              model: virtio
              masquerade: {}
          gpus:
            - name: g
              deviceName: a/b
      networks: []
      volumes: []
`;

/** The text with a key in front of the first of a mapping, at its depth. */
const inside =
  (key: string) =>
  (text: string): string | undefined => {
    const match = new RegExp(`^ *(?:- )?${key}:\\n( +)(?=[\\w])`, 'm').exec(text);
    if (!match) return undefined;
    const at = match.index + match[0].length;
    return `${text.slice(0, at)}stranger: 7\n${match[1]}${text.slice(at)}`;
  };
const DEPTHS = ['spec', 'template:\\n +spec', 'domain', 'cpu', 'machine', 'features', 'devices', 'hyperv'];

export const kubevirt: Strangers = {
  texts: [GUEST],
  places: [
    ...DEPTHS.map((key) => ({ what: `a field in ${key}`, put: inside(key), becomes: 'warning' as const })),
    {
      what: 'a field of a disk',
      put: behind(/disks:\n +- name: \w+/, '\n              stranger: 7'),
      becomes: 'warning',
    },
    { what: 'a field of a target', put: behind(/disk: \{ /, 'stranger: 7, '), becomes: 'warning' },
    {
      what: 'a field of a card',
      put: behind(/interfaces:\n +- name: \w+/, '\n              stranger: 7'),
      becomes: 'warning',
    },
    {
      what: 'a field of a GPU',
      put: behind(/gpus:\n +- name: \w+/, '\n              stranger: 7'),
      becomes: 'warning',
    },
    {
      what: 'a field of a CPU feature',
      put: behind(/policy: require/, '\n              stranger: 7'),
      becomes: 'warning',
    },
    { what: 'a timer', put: inside('timer'), becomes: 'note' },
    { what: 'a bus', put: instead(/bus: virtio/, 'bus: stranger'), becomes: 'warning' },
    { what: 'a model', put: instead(/model: virtio/, 'model: stranger'), becomes: 'warning' },
    { what: 'a display', put: instead(/type: virtio/, 'type: stranger'), becomes: 'warning' },
    { what: 'a CPU feature', put: instead(/name: x2apic/, 'name: stranger'), becomes: 'warning' },
    { what: 'a policy', put: instead(/policy: require/, 'policy: stranger'), becomes: 'warning' },
    { what: 'a machine type', put: instead(/type: q35/, 'type: stranger'), becomes: 'refused' },
  ],
};
