/** An object that a thread analyses before it takes others: what an analysis needs is loaded then, and options are checked. */
export const WARM_UP = {
  apiVersion: 'kubevirt.io/v1',
  kind: 'VirtualMachine',
  metadata: { name: 'warm-up' },
  spec: {
    template: {
      spec: {
        domain: {
          cpu: { sockets: 2, maxSockets: 2 },
          devices: {
            disks: [{ name: 'root', disk: { bus: 'virtio' } }],
            interfaces: [{ name: 'default', masquerade: {} }],
          },
        },
      },
    },
  },
} as const;
