// Writes N machines as NDJSON, some of which fail and some of which cannot be read.
// Use: node machines.mjs N > machines.ndjson
const n = Number(process.argv[2] ?? 1000);
for (let i = 0; i < n; i++) {
  const machine = {
    name: `m${i}`,
    kernel: '6.12',
    platform: 'kvm',
    topology: { cores: i % 97 === 5 ? 300 : 1 + (i % 32) },
    devices: [{ name: 'nvme', driver: 'nvme', queues: 1 + (i % 8) }],
  };
  console.log(i % 251 === 7 ? '{"topology":' : JSON.stringify({ id: `vm-${i}`, machine }));
}
