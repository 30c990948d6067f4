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
        memory:
          guest: 1Gi
        resources:
          requests: { memory: 1Gi }
        firmware:
          bootloader:
            efi:
              secureBoot: false
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
      affinity:
        nodeAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            nodeSelectorTerms:
              - matchExpressions:
                  - { key: a, operator: Exists }
      nodeSelector:
        any/name: at-all
      networks:
        - name: default
          pod: {}
      volumes:
        - name: root
          containerDisk:
            image: a
        - name: init
          cloudInitNoCloud:
            userData: a
  dataVolumeTemplates:
    - metadata: { name: a, labels: { any: name } }
      spec:
        source: { blank: {} }
        storage:
          resources: { requests: { storage: 1Gi } }
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

/** Without bearing, looked into all the same. */
const IDLE = ['memory', 'resources', 'efi', 'containerDisk', 'cloudInitNoCloud', 'nodeAffinity', 'storage'];

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
    ...IDLE.map((key) => ({ what: `a field in an idle ${key}`, put: inside(key), becomes: 'note' as const })),
    {
      what: 'a field of a network',
      put: instead(/^( *networks:\n( +)- name: .+\n)/m, '$1$2  stranger: 7\n'),
      becomes: 'note',
    },
    {
      what: 'a field of a volume',
      put: instead(/^( *volumes:\n( +)- name: .+\n)/m, '$1$2  stranger: 7\n'),
      becomes: 'note',
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
