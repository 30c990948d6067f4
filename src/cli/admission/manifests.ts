/** The Kubernetes objects that install the webhook, as YAML for kubectl. */
import { readFileSync } from 'node:fs';
import { UsageError } from '../io.ts';
import { VERSION } from '../version.ts';
import { readCompanions } from './companions.ts';
import type { FailMode } from './job.ts';
import { failMode, type ServeOptions } from './options.ts';
import { HEALTHY, READY, VALIDATE } from './routes.ts';

const PORT = 8443;
const CERTIFICATES = '/etc/irqsim/tls';
const OBJECTS = '/etc/irqsim/objects';
/** Seconds that the API server waits beyond what a review may take. */
const BEYOND = 3;
const MOST = 30;
/** Kubernetes needs some seconds to send nothing more to a pod that ends. */
const DRAIN = 5;

const SAID: Readonly<Record<FailMode, { readonly policy: string; readonly comment: string }>> = {
  open: {
    policy: 'Ignore',
    comment: `# Fail-open: while irqsim cannot be reached, objects pass unchecked and nobody is told. What irqsim itself could not
# analyse or did not understand passes with a warning.`,
  },
  closed: {
    policy: 'Fail',
    comment: `# Fail-closed: while irqsim cannot be reached, no virtual machine can be created or changed. What irqsim itself could not
# analyse or did not understand is denied.`,
  },
};

function indented(text: string, blanks: number): string {
  const lines = text.split('\n').map((line) => (line === '' ? line : `${' '.repeat(blanks)}${line}`));
  return lines.join('\n');
}

/** A name in Kubernetes: it stands in names of hosts. */
function namespaceOf({ namespace = 'irqsim' }: ServeOptions): string {
  if (/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(namespace)) return namespace;
  throw new UsageError(`--namespace ${namespace}: expected letters a to z, digits and hyphens`);
}

/** The arguments of the container: those typed that decide about objects. */
function argumentsOf(options: ServeOptions): readonly string[] {
  const {
    stack,
    kernel,
    policy,
    set,
    level = [],
    failOn,
    timeout,
    maxBody,
    maxWaiting,
    jobs,
    objects,
    today,
  } = options;
  const versions = Object.entries(stack).map(([product, version]) => `${product}=${version}`);
  return [
    'serve',
    '--admission',
    `--fail-${failMode(options)}`,
    `--listen=${PORT}`,
    `--tls-cert=${CERTIFICATES}/tls.crt`,
    `--tls-key=${CERTIFICATES}/tls.key`,
    `--drain=${DRAIN}`,
    `--fail-on=${failOn}`,
    `--timeout=${timeout}`,
    `--max-body=${maxBody}`,
    `--max-waiting=${maxWaiting}`,
    ...(jobs === undefined ? [] : [`--jobs=${jobs}`]),
    ...(versions.length > 0 ? [`--stack=${versions.join(',')}`] : []),
    ...(kernel === undefined ? [] : [`--kernel=${kernel}`]),
    ...(policy === undefined ? [] : [`--policy=${policy}`]),
    ...set.map((text) => `--set=${text}`),
    ...level.map((text) => `--level=${text}`),
    ...(today === undefined ? [] : [`--today=${today}`]),
    ...(objects === undefined ? [] : [`--objects=${OBJECTS}/objects.json`]),
  ];
}

/** Instancetypes and preferences, for the pod to read. */
async function objectsMap({ objects }: ServeOptions, namespace: string): Promise<readonly string[]> {
  if (objects === undefined) return [];
  const lines = (await readCompanions(objects)).map(({ text }) => text).join('\n');
  return [
    `apiVersion: v1
kind: ConfigMap
metadata:
  name: irqsim-objects
  namespace: ${namespace}
data:
  objects.json: |
${indented(lines, 4)}`,
  ];
}

function deployment(options: ServeOptions, namespace: string): string {
  const args = argumentsOf(options).map((text) => `- ${JSON.stringify(text)}`);
  const hasObjects = options.objects !== undefined;
  const probe = (path: string) => `httpGet: { path: ${path}, port: ${PORT}, scheme: HTTPS }`;
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: irqsim
  namespace: ${namespace}
  labels: { app: irqsim }
spec:
  replicas: 2
  selector: { matchLabels: { app: irqsim } }
  template:
    metadata:
      labels: { app: irqsim }
    spec:
      automountServiceAccountToken: false
      terminationGracePeriodSeconds: 30
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: kubernetes.io/hostname
          whenUnsatisfiable: ScheduleAnyway
          labelSelector: { matchLabels: { app: irqsim } }
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        runAsGroup: 1000
        fsGroup: 1000
        seccompProfile: { type: RuntimeDefault }
      containers:
        - name: irqsim
          image: ${JSON.stringify(options.image ?? `irqsim:${VERSION}`)}
          args:
${indented(args.join('\n'), 12)}
          ports:
            - { name: https, containerPort: ${PORT} }
          readinessProbe: { ${probe(READY)}, periodSeconds: 2 }
          livenessProbe: { ${probe(HEALTHY)}, periodSeconds: 10, timeoutSeconds: 5 }
          resources:
            requests: { cpu: 250m, memory: 256Mi }
            limits: { cpu: "2", memory: 1536Mi }
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities: { drop: [ALL] }
          volumeMounts:
            # The folder, not single files: those would not change when the certificate is renewed.
            - { name: tls, mountPath: ${CERTIFICATES}, readOnly: true }
${hasObjects ? `            - { name: objects, mountPath: ${OBJECTS}, readOnly: true }\n` : ''}      volumes:
        - { name: tls, secret: { secretName: irqsim-tls } }
${hasObjects ? `        - { name: objects, configMap: { name: irqsim-objects } }\n` : ''}`.trimEnd();
}

function disruptionBudget(namespace: string): string {
  return `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: irqsim
  namespace: ${namespace}
spec:
  minAvailable: 1
  selector: { matchLabels: { app: irqsim } }`;
}

function service(namespace: string): string {
  return `apiVersion: v1
kind: Service
metadata:
  name: irqsim
  namespace: ${namespace}
spec:
  selector: { app: irqsim }
  ports:
    - { name: https, port: 443, targetPort: https }`;
}

/** A CA of its own signs the certificate: when that is renewed, what the API server trusts stays the same. */
function certificate(namespace: string): readonly string[] {
  return [
    `apiVersion: cert-manager.io/v1
kind: Issuer
metadata:
  name: irqsim-self-signed
  namespace: ${namespace}
spec:
  selfSigned: {}`,
    `apiVersion: cert-manager.io/v1
kind: Certificate
metadata:
  name: irqsim-ca
  namespace: ${namespace}
spec:
  isCA: true
  commonName: irqsim-ca
  secretName: irqsim-ca
  duration: 87600h
  privateKey: { algorithm: ECDSA }
  issuerRef: { name: irqsim-self-signed, kind: Issuer }`,
    `apiVersion: cert-manager.io/v1
kind: Issuer
metadata:
  name: irqsim
  namespace: ${namespace}
spec:
  ca: { secretName: irqsim-ca }`,
    `apiVersion: cert-manager.io/v1
kind: Certificate
metadata:
  name: irqsim
  namespace: ${namespace}
spec:
  secretName: irqsim-tls
  dnsNames: [irqsim.${namespace}.svc]
  privateKey: { algorithm: ECDSA, rotationPolicy: Always }
  issuerRef: { name: irqsim, kind: Issuer }`,
  ];
}

function webhook(options: ServeOptions, namespace: string, bundle: string | undefined): string {
  const { policy, comment } = SAID[failMode(options)];
  const trust = bundle === undefined ? '' : `\n      caBundle: ${bundle}`;
  const annotations =
    bundle === undefined ? `\n  annotations: { cert-manager.io/inject-ca-from: ${namespace}/irqsim }` : '';
  return `${comment}
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata:
  name: irqsim${annotations}
webhooks:
  - name: admission.irqsim.svc
    admissionReviewVersions: [v1]
    sideEffects: None
    matchPolicy: Equivalent
    failurePolicy: ${policy}
    timeoutSeconds: ${Math.min(MOST, Math.ceil(options.timeout) + BEYOND)}
    clientConfig:
      service: { namespace: ${namespace}, name: irqsim, port: 443, path: ${VALIDATE} }${trust}
    rules:
      - apiGroups: [kubevirt.io]
        apiVersions: ["*"]
        resources: [virtualmachines, virtualmachineinstancereplicasets]
        operations: [CREATE, UPDATE]
      - apiGroups: [kubevirt.io]
        apiVersions: ["*"]
        resources: [virtualmachineinstances]
        operations: [CREATE]
      - apiGroups: [pool.kubevirt.io]
        apiVersions: ["*"]
        resources: [virtualmachinepools]
        operations: [CREATE, UPDATE]`;
}

/** The CA of a certificate that somebody made, as Kubernetes takes it. Throws UsageError. */
function bundleOf({ caBundle }: ServeOptions): string | undefined {
  if (caBundle === undefined) return undefined;
  let text: string;
  try {
    text = readFileSync(caBundle, 'utf8');
  } catch (error) {
    throw new UsageError(`--ca-bundle ${caBundle}: cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
  if (/PRIVATE KEY/.test(text)) throw new UsageError(`--ca-bundle ${caBundle}: a private key is in it`);
  if (!/-----BEGIN CERTIFICATE-----/.test(text))
    throw new UsageError(`--ca-bundle ${caBundle}: no certificate in PEM is in it`);
  return Buffer.from(text).toString('base64');
}

/** What a pod would lack. Throws UsageError. */
function refuseFiles({ project }: ServeOptions): void {
  if (project)
    throw new UsageError(
      `serve --manifests: ${project.file} is not in the manifests; say --no-config, or mount it and add --config`,
    );
}

/** The manifests. Rejects with UsageError or InputError. */
export async function manifestsOf(options: ServeOptions): Promise<string> {
  refuseFiles(options);
  const namespace = namespaceOf(options);
  const bundle = bundleOf(options);
  const documents = [
    `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${namespace}`,
    ...(await objectsMap(options, namespace)),
    ...(bundle === undefined ? certificate(namespace) : []),
    deployment(options, namespace),
    disruptionBudget(namespace),
    service(namespace),
    webhook(options, namespace, bundle),
  ];
  return `${documents.join('\n---\n')}\n`;
}
