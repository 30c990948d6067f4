/**
 * What a text probably is that no reader takes, and what to give instead: better than the complaints of a YAML parser
 * about something that is no YAML. One row a kind; the first that fits counts.
 */

import { nearest } from '../machine/did-you-mean.ts';

interface Kind {
  readonly is: string;
  readonly pattern: RegExp;
  /** What to give or run, as a clause. */
  readonly instead: string;
}

const DUMPXML = 'give the libvirt XML of the machine (virsh dumpxml NAME) or its QEMU command line';

const WHOLE_MACHINE =
  'give the whole machine: irqsim analyze / on it, or the archive that irqsim capture makes';

const KINDS: readonly Kind[] = [
  {
    is: 'the output of lscpu',
    pattern: /^Architecture:\s+\S+[\s\S]*^CPU\(s\):\s+\d/m,
    instead: WHOLE_MACHINE,
  },
  {
    is: 'the output of lspci',
    pattern: /^(?:[\da-f]{4}:)?[\da-f]{2}:[\da-f]{2}\.\d .+: /m,
    instead: WHOLE_MACHINE,
  },
  {
    is: "JSON of Proxmox VE's interface",
    pattern: /^\s*\{(?=[\s\S]*"(?:cores|sockets)")[\s\S]*"(?:scsihw|ostype|vmgenid|smbios1|net0)"/,
    instead: 'give what qm config prints, or the file in /etc/pve/qemu-server',
  },
  {
    is: 'the output of kubectl describe',
    pattern: /^API Version:\s+\S*kubevirt\.io\//m,
    instead: 'give what kubectl get -o yaml prints',
  },
  {
    is: 'a Dockerfile',
    pattern: /^FROM [^\n]+\n[\s\S]*^(?:RUN|CMD|ENTRYPOINT|COPY) /m,
    instead: 'give the command that it runs, as a line of a shell',
  },
  {
    is: 'a program in Python',
    pattern: /^(?:import \w+|from [\w.]+ import |#!\S*\/(?:env )?python)/m,
    instead: 'give the command that it runs, as ps shows it, or /proc/PID/cmdline',
  },
  { is: 'a Vagrantfile', pattern: /\bVagrant\.configure\b/, instead: DUMPXML },
  {
    is: 'Terraform or Packer (HCL)',
    pattern: /^\s*(?:resource|provider|variable|terraform|module|source|data|packer)\s*(?:"[^"\n]*"\s*)*\{/m,
    instead: DUMPXML,
  },
  {
    is: 'cloud-init user data',
    pattern: /^#cloud-config\b/,
    instead: `it does not describe the machine; ${DUMPXML}`,
  },
  { is: 'a Nix expression', pattern: /^\s*\{\s*(?:config|pkgs|lib)\b[^}]*\}\s*:/, instead: DUMPXML },
  {
    is: 'an OVF or libvirt document that is no domain',
    pattern: /^\s*(?:<\?xml[^>]*>\s*)?<(?:Envelope|network|pool|volume|capabilities|sysinfo|nodedev)\b/,
    instead: DUMPXML,
  },
  {
    is: 'a docker compose file',
    pattern: /^services:\s*$/m,
    instead: 'containers share the kernel of their host: analyse the host',
  },
  {
    is: 'an Ansible playbook',
    pattern: /^\s*-\s+hosts:\s/m,
    instead: `it makes machines and is none; ${DUMPXML}`,
  },
  {
    is: 'a Kubernetes object that is no virtual machine',
    pattern: /^apiVersion:\s*(?!.*kubevirt)\S+[\s\S]*^kind:\s*\S+/m,
    instead: 'of Kubernetes irqsim reads VirtualMachine and VirtualMachineInstance of KubeVirt',
  },
];

/** Start of a text that is looked at. */
export const HEAD = 64 * 1024;

/** Top-level keys that tell a machine description from other YAML. */
export const OWN_KEYS = [
  'kernel',
  'kernelConfig',
  'platform',
  'cmdline',
  'topology',
  'cpus',
  'smt',
  'x2apic',
  'remapping',
  'extDestId',
  'hpet',
  'timers',
  'devices',
  'events',
  'policy',
];

/** Nothing that has one of them is taken for something else. */
const OWN_KEY = new RegExp(`^["']?(?:${OWN_KEYS.join('|')})["']?\\s*:`, 'm');

/** A key that may be one of them, misspelt. */
function nearOwnKey(head: string): boolean {
  const keys = [...head.matchAll(/^["']?([A-Za-z0-9]{3,20})["']?\s*:/gm)].slice(0, 20);
  return keys.some(([, key]) => nearest(key, OWN_KEYS) !== undefined);
}

/** The likely kind of a text, by its head, with what to give instead, as a sentence; undefined if nothing is known of the text. */
export function likelyKind(head: string): string | undefined {
  if (OWN_KEY.test(head)) return undefined;
  const kind = KINDS.find(({ pattern }) => pattern.test(head));
  return kind && `this looks like ${kind.is}, which is no input: ${kind.instead}`;
}

/** True if the text may be a machine description with a mistake in it, so that what a YAML parser says is of use. */
export function mayBeDescription(head: string, file: string): boolean {
  return /\.(?:ya?ml|json)$/i.test(file) || OWN_KEY.test(head) || nearOwnKey(head) || /^\s*[{[]/.test(head);
}
