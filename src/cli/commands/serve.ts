/** `irqsim serve`: answers the admission reviews of a Kubernetes cluster. */
import { Command, InvalidArgumentError, Option } from 'commander';
import type { ServeOptions } from '../admission/options.ts';
import { UsageError } from '../io.ts';
import { addClusterOptions } from '../options/machine-options.ts';
import { VERSION } from '../version.ts';
import type { DefineCommand } from './command.ts';

const HELP = `
Answers AdmissionReview (admission.k8s.io/v1) of KubeVirt's VirtualMachine, VirtualMachineInstance,
VirtualMachineInstanceReplicaSet and VirtualMachinePool over HTTPS at /validate. A finding at or above --fail-on denies
the object, with what to change; other errors and warnings are warnings, which kubectl prints. An update is not denied
for what the object had before. Nothing is ever changed, so dryRun makes no difference.

What is not analysed (it cannot be read, takes longer than --timeout, is of an unknown kind ...) or not understood:
  --fail-open     passes with a warning that says so (by default)
  --fail-closed   is denied, and the manifests have failurePolicy: Fail

/healthz and /readyz answer whether it runs, and whether an analysis can begin. Certificate and key are read again when
they change. Each request is one line of JSON on standard error, with names and rules and nothing else of an object.
SIGTERM and SIGINT end it once the requests that have begun are answered.

docs/admission.md of irqsim says how it is installed; --manifests prints what to give to kubectl.

Examples:
  irqsim serve --admission --tls-cert tls.crt --tls-key tls.key --stack libvirt=10.5
  irqsim serve --admission --manifests --image registry.example/irqsim:0.2.0 | kubectl apply -f -
  irqsim serve --admission --manifests --fail-closed --ca-bundle ca.crt > irqsim-webhook.yaml

Exit codes: 0 ended by a signal, 2 bad usage, or files or a port that cannot be used, 3 a bug in irqsim.`;

const MAX_THREADS = 256;

function number(
  text: string,
  { least, most, whole }: { least: number; most: number; whole: boolean },
): number {
  const n = Number(text);
  if (text.trim() === '' || !(n >= least && n <= most) || (whole && !Number.isInteger(n)))
    throw new InvalidArgumentError(`A ${whole ? 'whole ' : ''}number from ${least} to ${most} is expected.`);
  return n;
}

const numberOption = (flags: string, text: string, least: number, most: number, whole = true): Option =>
  new Option(flags, text).argParser((value: string) => number(value, { least, most, whole }));

/** What a pod is given by the manifests themselves. */
const HERE_ONLY = (): Option[] =>
  [
    new Option('--listen <address>', 'address and port, e.g. 8443, 127.0.0.1:8443 or [::1]:8443').default(
      '8443',
    ),
    new Option('--tls-cert <file>', 'certificate of the server, and those between it and its CA, in PEM'),
    new Option('--tls-key <file>', 'its private key, in PEM'),
    new Option('--client-ca <file>', 'take reviews only of clients whose certificate these CAs have signed'),
    numberOption(
      '--drain <seconds>',
      'keep answering for so long after a signal, while not ready',
      0,
      300,
      false,
    ).default(0),
  ].map((option) => option.conflicts('manifests'));

/** What decides about objects, here and in a pod. */
const SERVING = (): Option[] => [
  new Option('--fail-open', 'let pass what is not analysed or not understood, with a warning').conflicts(
    'failClosed',
  ),
  new Option('--fail-closed', 'deny what is not analysed or not understood'),
  new Option(
    '--objects <file>',
    'instancetypes and preferences that guests may refer to, as kubectl get prints them',
  ),
  numberOption('--timeout <seconds>', 'time for a review, waiting included', 0.05, 30, false).default(5),
  numberOption('--max-body <MiB>', 'largest body of a request', 0.01, 64, false).default(4),
  numberOption('--max-waiting <n>', 'requests that may wait for a thread', 0, 100_000).default(256),
  numberOption('-j, --jobs <n>', 'threads (default: the CPUs that may be used)', 1, MAX_THREADS),
];

const PRINTING = (): Option[] => [
  new Option('--manifests', 'print the objects that install it in a cluster, and end'),
  new Option('--image <name>', `manifests: the image of irqsim (default: irqsim:${VERSION})`),
  new Option('--namespace <name>', 'manifests: the namespace (default: irqsim)'),
  new Option(
    '--ca-bundle <file>',
    'manifests: CA of a certificate that you made, instead of one of cert-manager',
  ),
];

/** Throws UsageError for what would be passed over. */
function refuseIdle({ admission, manifests, image, namespace, caBundle }: ServeOptions): void {
  if (!admission) throw new UsageError('serve: --admission is expected, for that is what is served');
  const idle = Object.entries({ '--image': image, '--namespace': namespace, '--ca-bundle': caBundle });
  const [name] = idle.find(([, value]) => value !== undefined && !manifests) ?? [];
  if (name !== undefined) throw new UsageError(`serve: ${name} is about --manifests, which is not there`);
}

export const serveCommand: DefineCommand = (io, done) => {
  const command = new Command('serve')
    .description('Serves a Kubernetes cluster: checks virtual machines of KubeVirt before they are stored.')
    .option('--admission', 'answer admission reviews (required: nothing else is served yet)');
  for (const option of [...HERE_ONLY(), ...SERVING(), ...PRINTING()]) command.addOption(option);
  return addClusterOptions(command)
    .addHelpText('after', HELP)
    .action(async (options: ServeOptions) => {
      refuseIdle(options);
      const { serveAdmission } = await import('../tasks/serve.ts');
      done(await serveAdmission(options, io));
    });
};
