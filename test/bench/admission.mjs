// Admission under load: reviews of small KubeVirt VMs a second over kept connections, from a process of its own, with the
// CPU time of each and the memory of the server. `node test/bench/admission.mjs [SECONDS] [CONNECTIONS]`, after a build.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const BIN = path('../../bin/irqsim.cjs');
const CERT = path('../admission/certificates/server.crt');
const KEY = path('../admission/certificates/server.key');
/** Ticks of a second, in /proc. */
const TICKS = 100;

/** VMs of 1 to 8 sockets with one to three disks: no two with the same name. */
function review(n) {
  const disks = ['root', 'data', 'logs']
    .slice(0, 1 + (n % 3))
    .map((name) => ({ name, disk: { bus: 'virtio' } }));
  const sockets = 1 + (n % 8);
  const domain = {
    cpu: { sockets, cores: 1, threads: 1, ...(n % 2 === 0 && { maxSockets: sockets }) },
    memory: { guest: '2Gi' },
    devices: { disks, interfaces: [{ name: 'default', masquerade: {} }], networkInterfaceMultiqueue: true },
  };
  const spec = {
    domain,
    networks: [{ name: 'default', pod: {} }],
    volumes: disks.map(({ name }) => ({ name, persistentVolumeClaim: { claimName: `${name}-${n}` } })),
  };
  const object = {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: { name: `vm-${n}`, namespace: 'load', labels: { app: 'load' } },
    spec: { runStrategy: 'Always', template: { metadata: { labels: { vm: `vm-${n}` } }, spec } },
  };
  const kind = { group: 'kubevirt.io', version: 'v1', kind: 'VirtualMachine' };
  return JSON.stringify({
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: { uid: `uid-${n}`, operation: 'CREATE', kind, namespace: 'load', name: `vm-${n}`, object },
  });
}

const ask = (agent, port, body) =>
  new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const sent = request(
      { agent, host: '127.0.0.1', port, path: '/validate', method: 'POST', headers },
      (response) => {
        let text = '';
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () => resolve({ code: response.statusCode, text }));
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });

/** Asks for so many seconds; every answer has to be one that was analysed. */
async function client(port, seconds, connections) {
  const agent = new Agent({ ca: readFileSync(CERT), keepAlive: true, maxSockets: connections });
  const times = [];
  let n = 0;
  const end = performance.now() + seconds * 1000;
  const one = async () => {
    while (performance.now() < end) {
      const number = n++;
      const began = performance.now();
      const { code, text } = await ask(agent, port, review(number));
      times.push(performance.now() - began);
      const { uid, allowed, warnings = [] } = JSON.parse(text).response ?? {};
      if (
        code !== 200 ||
        uid !== `uid-${number}` ||
        !allowed ||
        warnings.some((one) => /not analysed/.test(one))
      )
        throw new Error(`${code} ${text}`);
    }
  };
  await Promise.all(Array.from({ length: connections }, one));
  agent.destroy();
  times.sort((a, b) => a - b);
  const at = (share) => Number(times[Math.floor(share * (times.length - 1))].toFixed(1));
  console.log(JSON.stringify({ count: times.length, p50: at(0.5), p99: at(0.99), most: at(1) }));
}

const cpuSeconds = (pid) => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
};
const rssMiB = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

const outputOf = async (child) => {
  let text = '';
  for await (const chunk of child.stdout) text += chunk;
  return text;
};

async function measure(seconds, connections) {
  const args = ['serve', '--admission', '--tls-cert', CERT, '--tls-key', KEY, '--listen', '127.0.0.1:0'];
  const server = spawn(process.execPath, [BIN, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  const lines = createInterface({ input: server.stderr });
  const port = await new Promise((resolve) => {
    lines.on('line', (line) => {
      const { event, port } = JSON.parse(line);
      if (event === 'listening') resolve(port);
    });
  });
  for (let round = 0; round < 4; round++) {
    const before = cpuSeconds(server.pid);
    let rss = 0;
    const clock = setInterval(() => {
      rss = Math.max(rss, rssMiB(server.pid));
    }, 100);
    const asker = spawn(process.execPath, [path('./admission.mjs'), 'client', port, seconds, connections], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const { count, ...times } = JSON.parse(await outputOf(asker));
    clearInterval(clock);
    const cpu = cpuSeconds(server.pid) - before;
    const what = {
      perSecond: Math.round(count / seconds),
      cpuMsEach: Number(((cpu * 1000) / count).toFixed(3)),
    };
    console.log(JSON.stringify({ ...what, ...times, rssMiB: Math.round(rss) }));
  }
  server.kill();
}

const [what = '5', ...rest] = process.argv.slice(2);
if (what === 'client') await client(...rest.map(Number));
else await measure(Number(what), Number(rest[0] ?? 16));
