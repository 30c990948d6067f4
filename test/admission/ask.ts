/** Reviews of the tests, and who decides them in this process. */
import { answer } from '../../src/cli/admission/answer.ts';
import type { Job } from '../../src/cli/admission/job.ts';
import type { Answer } from '../../src/cli/admission/review.ts';

export const JOB: Job = {
  stack: { libvirt: '10.5' },
  changes: [],
  settings: { today: '2027-01-01', cwd: '/' },
  failOn: 'error',
  mode: 'open',
  companions: [],
};

export interface Cpu {
  readonly sockets: number;
  readonly maxSockets?: number;
}

/** The spec of an instance. */
export const instance = (cpu: Cpu, more: object = {}) => ({
  domain: { cpu, devices: { disks: [{ name: 'root', disk: { bus: 'virtio' } }], blockMultiQueue: true } },
  volumes: [{ name: 'root', cloudInitNoCloud: { userData: 'password: SECRET-IN-USER-DATA' } }],
  ...more,
});

const META = {
  name: 'guest',
  namespace: 'prod',
  annotations: { 'example.com/token': 'SECRET-IN-ANNOTATION' },
  managedFields: [{ manager: 'kubectl' }],
};

/** A VirtualMachine. */
export const machine = (cpu: Cpu, more: object = {}) => ({
  apiVersion: 'kubevirt.io/v1',
  kind: 'VirtualMachine',
  metadata: META,
  spec: { runStrategy: 'Always', template: { spec: instance(cpu, more) } },
});

/** Any other object of a kind. */
export const objectOf = (kind: string, spec: object) => ({
  apiVersion: 'kubevirt.io/v1',
  kind,
  metadata: META,
  spec,
});

/** A request as the API server makes it. */
export const requestOf = (object: Readonly<Record<string, unknown>> | null, more: object = {}) => ({
  uid: '705ab4f5-6393-11e8-b7cc-42010a800002',
  kind: { group: 'kubevirt.io', version: 'v1', kind: String(object?.kind ?? 'VirtualMachine') },
  resource: { group: 'kubevirt.io', version: 'v1', resource: 'virtualmachines' },
  operation: 'CREATE',
  userInfo: { username: 'SECRET-USER' },
  namespace: 'prod',
  name: 'guest',
  object,
  oldObject: null,
  dryRun: false,
  ...more,
});

export const reviewOf = <Request>(request: Request) => ({
  apiVersion: 'admission.k8s.io/v1',
  kind: 'AdmissionReview',
  request,
});

export const bytesOf = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

/** The reply to a body; a bug fails the test. */
export const replyTo = (body: Uint8Array, job: Partial<Job> = {}) =>
  answer(
    body,
    { ...JOB, ...job },
    () => {},
    (error) => {
      throw error;
    },
  );

/** The answer to a request. */
export async function answerTo(request: object, job: Partial<Job> = {}): Promise<Answer> {
  const { code, text } = await replyTo(bytesOf(reviewOf(request)), job);
  if (code !== 200) throw new Error(text);
  return (JSON.parse(text) as { response: Answer }).response;
}
