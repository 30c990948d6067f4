/** What reviews are answered. */
import { expect, test } from 'vitest';
import type { Job } from '../../src/cli/admission/job.ts';
import { logTo } from '../../src/cli/admission/log.ts';
import { messageOf, warningsOf } from '../../src/cli/admission/words.ts';
import { answerTo, bytesOf, instance, machine, objectOf, replyTo, requestOf, reviewOf } from './ask.ts';

const BIG = machine({ sockets: 64 });
const FITTING = machine({ sockets: 64, maxSockets: 64 });
const CLOSED = { mode: 'closed' } as const;

test('a VM that libvirt refuses is denied, with what to change, and passes once it is changed', async () => {
  const denied = await answerTo(requestOf(BIG));
  expect(denied).toMatchObject({
    uid: requestOf(BIG).uid,
    allowed: false,
    status: { code: 403, reason: 'Forbidden' },
  });
  expect(denied.status?.message).toContain('error hypervisor-refuses: libvirt 10.5 refuses this');
  expect(denied.status?.message).toContain('Change: in the domain: cpu.maxSockets: 255');
  expect(denied.warnings).toBeUndefined();
  expect(await answerTo(requestOf(FITTING))).toEqual({ uid: requestOf(BIG).uid, allowed: true });
  expect(await answerTo(requestOf(BIG), { stack: { libvirt: '11.9' } })).toMatchObject({ allowed: true });
});

test.each([
  ['VirtualMachineInstance', 'kubevirt.io', instance({ sockets: 64 })],
  ['VirtualMachineInstanceReplicaSet', 'kubevirt.io', { template: { spec: instance({ sockets: 64 }) } }],
  ['VirtualMachinePool', 'pool.kubevirt.io', { virtualMachineTemplate: { spec: BIG.spec } }],
])('%s is analysed', async (kind, group, spec) => {
  const request = requestOf(objectOf(kind, spec), { kind: { group, version: 'v1', kind } });
  expect((await answerTo(request)).status?.message).toContain('hypervisor-refuses');
});

test.each<[string, object, Partial<Job>]>([
  ['--fail-on never', BIG, { failOn: 'never' }],
  [
    '--level',
    BIG,
    {
      settings: {
        levels: [
          { rule: 'hypervisor-refuses', level: 'warning', location: { file: '', line: 1, column: 1 } },
        ],
      },
    },
  ],
])('%s: what does not deny is a warning', async (_, object, job) => {
  const { allowed, warnings } = await answerTo(requestOf(object as typeof BIG), job);
  expect(allowed).toBe(true);
  expect(warnings).toEqual([
    expect.stringMatching(/^irqsim: hypervisor-refuses: libvirt 10\.5 refuses this: .*\.\.\.$/),
  ]);
});

test('--fail-on note denies for notes', async () => {
  const { status } = await answerTo(requestOf(machine({ sockets: 4 })), { failOn: 'note' });
  expect(status?.message).toContain('note kubevirt-times-four');
});

test('suppressions of a project file count, by NAMESPACE/NAME, and end on their day', async () => {
  const suppress = [
    {
      rule: 'hypervisor-refuses',
      devices: undefined,
      cpus: undefined,
      reason: 'known',
      until: '2027-01-31',
      location: { file: '.irqsim.yaml', line: 1, column: 1 },
      files: ['prod/*'],
    },
  ];
  const settings = { today: '2027-01-01', cwd: '/etc', project: { folder: '/etc', levels: [], suppress } };
  expect((await answerTo(requestOf(BIG), { settings })).allowed).toBe(true);
  expect((await answerTo(requestOf(BIG, { namespace: 'test' }), { settings })).allowed).toBe(false);
  const later = { ...settings, today: '2027-02-01' };
  expect((await answerTo(requestOf(BIG), { settings: later })).allowed).toBe(false);
});

test.each([
  ['DELETE', requestOf(null, { operation: 'DELETE', oldObject: BIG })],
  ['CONNECT', requestOf(null, { operation: 'CONNECT' })],
  ['the status', requestOf(BIG, { operation: 'UPDATE', subResource: 'status' })],
  ['the scale', requestOf(objectOf('VirtualMachinePool', {}), { operation: 'UPDATE', subResource: 'scale' })],
  [
    'an object that is being deleted',
    requestOf(
      { ...BIG, metadata: { name: 'guest', deletionTimestamp: '2027-01-01T00:00:00Z' } },
      { operation: 'UPDATE' },
    ),
  ],
])('%s has nothing to analyse', async (_, request) => {
  expect(await answerTo(request, CLOSED)).toEqual({ uid: request.uid, allowed: true });
});

test('a mark of deletion that is empty is none', async () => {
  for (const deletionTimestamp of [null, '', false]) {
    const object = { ...BIG, metadata: { ...BIG.metadata, deletionTimestamp } };
    expect((await answerTo(requestOf(object, { operation: 'UPDATE' }))).allowed).toBe(false);
  }
});

test('a number beyond a double is not taken for a count that is not there', async () => {
  const text = JSON.stringify(reviewOf(requestOf(BIG)));
  for (const number of ['1e400', '1E+0400', '9'.repeat(400)]) {
    const body = new TextEncoder().encode(text.replace('"sockets":64', `"sockets":${number}`));
    expect(await replyTo(body)).toMatchObject({ code: 400, text: expect.stringContaining('too large') });
  }
  expect((await answerTo(requestOf(machine({ sockets: 4 }, { note: '1e400 5e308' })))).allowed).toBe(true);
});

test('what a terminal would obey is written out in replies and in the log; the values are the same', async () => {
  const uid = '705ab4f5\u202e\u009b\u200b';
  const { code, text } = await replyTo(bytesOf(reviewOf(requestOf(machine({ sockets: 1 }), { uid }))));
  expect([code, JSON.parse(text).response.uid]).toEqual([200, uid]);
  let said = '';
  const keep = (line: string) => {
    said += line;
  };
  logTo({ err: keep, note: keep }).request({ name: uid });
  expect(JSON.parse(said).name).toBe(uid);
  expect(text + said).not.toMatch(/[\u0080-\u009f\u200b\u202e]/);
});

test('dryRun makes no difference', async () => {
  expect((await answerTo(requestOf(BIG, { dryRun: true }))).allowed).toBe(false);
});

const POD = objectOf('Pod', {});
const WITHOUT_VCPUS = { ...BIG, spec: { ...BIG.spec, instancetype: { name: 'u1.large' } } };
const ARM = machine({ sockets: 2 }, { architecture: 'arm64' });

test.each<[string, object, RegExp, number]>([
  ['another kind', requestOf(POD), /the kind is Pod; known are VirtualMachine, /, 400],
  [
    'a kind of another group',
    requestOf(BIG, { kind: { group: 'evil-kubevirt.io', kind: 'VirtualMachine' } }),
    /the kind is VirtualMachine/,
    400,
  ],
  ['no kind', requestOf(BIG, { kind: undefined }), /the kind is none/, 400],
  [
    'another subresource',
    requestOf(BIG, { subResource: 'restart' }),
    /the subresource restart is not known/,
    400,
  ],
  ['another operation', requestOf(BIG, { operation: 'PATCH' }), /the operation PATCH is not known/, 400],
  [
    'a name that every object has',
    requestOf(BIG, { kind: { group: 'kubevirt.io', kind: 'constructor' } }),
    /the kind is constructor/,
    400,
  ],
  ['no object', requestOf(null), /the request has no object/, 400],
  ['an object of another kind', requestOf(POD, { kind: requestOf(BIG).kind }), /of another kind/, 400],
  ['a guest without a domain', requestOf({ ...BIG, spec: {} } as never), /domain is missing/, 400],
  ['an instancetype', requestOf(WITHOUT_VCPUS), /the vCPUs are in the instancetype u1\.large/, 400],
  ['another architecture', requestOf(ARM), /only x86 machines are simulated/, 400],
  ['a number that is none', requestOf(machine({ sockets: -1 })), /sockets: a whole number/, 400],
])('%s: passes with a warning, or is denied', async (_, request, why, code) => {
  const open = await answerTo(request);
  expect(open.allowed).toBe(true);
  expect(open.warnings).toHaveLength(1);
  expect(open.warnings?.[0]).toMatch(/^irqsim: not analysed: /);
  const closed = await answerTo(request, CLOSED);
  expect(closed).toMatchObject({ allowed: false, status: { code } });
  expect(closed.status?.message).toMatch(why);
});

test('a part that is not understood passes with a warning, or is denied', async () => {
  const strange = machine({ sockets: 2 }, { accelerators: [{ name: 'next' }] });
  const open = await answerTo(requestOf(strange));
  expect(open.allowed).toBe(true);
  expect(open.warnings).toEqual([expect.stringMatching(/^irqsim: input-not-understood: .*accelerators/)]);
  const closed = await answerTo(requestOf(strange), CLOSED);
  expect(closed.status?.message).toContain('warning input-not-understood');
});

test('an update is denied for what it brings, not for what was there', async () => {
  const update = (oldObject: object, object = BIG) => requestOf(object, { operation: 'UPDATE', oldObject });
  expect((await answerTo(update(FITTING))).allowed).toBe(false);
  const labelled = { ...BIG, metadata: { ...BIG.metadata, labels: { a: 'b' } } };
  const { allowed, warnings } = await answerTo(update(BIG, labelled), CLOSED);
  expect(allowed).toBe(true);
  expect(warnings).toEqual([expect.stringContaining('hypervisor-refuses')]);
  // What the object was counts for updates only.
  expect((await answerTo(requestOf(BIG, { oldObject: BIG }))).allowed).toBe(false);
  expect((await answerTo(update({ kind: 'VirtualMachine' }))).allowed).toBe(false);
  const strange = await answerTo(update(WITHOUT_VCPUS, WITHOUT_VCPUS as typeof BIG), CLOSED);
  expect(strange).toMatchObject({ allowed: true, warnings: [expect.stringContaining('not analysed')] });
  expect((await answerTo(update(ARM, WITHOUT_VCPUS as typeof BIG), CLOSED)).allowed).toBe(false);
});

test('instancetypes and preferences that are given count', async () => {
  const companions = [
    {
      name: 'u1.large',
      text: JSON.stringify({
        kind: 'VirtualMachineClusterInstancetype',
        metadata: { name: 'u1.large' },
        spec: { cpu: { guest: 64 } },
      }),
    },
    { name: 'other', text: 'this is not JSON, and nobody refers to it' },
  ];
  const { status } = await answerTo(requestOf(WITHOUT_VCPUS), { companions });
  expect(status?.message).toContain('four times the 64 sockets');
});

test.each<[string, Uint8Array | string, RegExp]>([
  ['nothing', '', /the body is empty/],
  ['no JSON', 'apiVersion: v1', /not JSON/],
  ['JSON that is cut off', '{"kind":"AdmissionReview"', /not JSON/],
  ['no UTF-8', new Uint8Array([0x7b, 0xff, 0x7d]), /not UTF-8/],
  ['UTF-16', Buffer.from('{}', 'utf16le'), /not JSON/],
  ['a list', '[{}]', /not an object/],
  ['null', 'null', /not an object/],
  ['text', '"AdmissionReview"', /not an object/],
  ['lists in lists', `${'['.repeat(1e5)}${']'.repeat(1e5)}`, /not an object|not JSON/],
  ['another kind', '{"kind":"Pod\\u001b[31m"}', /AdmissionReview is expected, not "Pod\\u001b\[31m"/],
  [
    'an old version',
    '{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1beta1"}',
    /v1 is expected, not "admission/,
  ],
  ['no request', JSON.stringify(reviewOf(undefined)), /no request/],
  ['a list as request', JSON.stringify(reviewOf([])), /no request/],
  ['the request in the prototype', '{"__proto__":{"kind":"AdmissionReview"}}', /AdmissionReview is expected/],
  ['no UID', JSON.stringify(reviewOf({ ...requestOf(BIG), uid: '' })), /request\.uid/],
  ['a huge UID', JSON.stringify(reviewOf({ ...requestOf(BIG), uid: 'u'.repeat(300) })), /request\.uid/],
  [
    'a list as object',
    JSON.stringify(reviewOf({ ...requestOf(BIG), object: [BIG] })),
    /request\.object is not an object/,
  ],
])('a body that is %s is refused as no review', async (_, body, why) => {
  const { code, text } = await replyTo(typeof body === 'string' ? new TextEncoder().encode(body) : body);
  expect(code).toBe(400);
  const status = JSON.parse(text) as { kind: string; message: string };
  expect(status).toMatchObject({ apiVersion: 'v1', kind: 'Status', status: 'Failure', reason: 'BadRequest' });
  expect(status.message).toMatch(why);
});

test('objects that are made to break a reader are not analysed, and say so', async () => {
  const nested = JSON.stringify(reviewOf(requestOf(BIG))).replace(
    '"runStrategy":"Always"',
    `"x":${'['.repeat(1e5)}${']'.repeat(1e5)}`,
  );
  const deep = await replyTo(new TextEncoder().encode(nested));
  expect(deep.log).toMatchObject({ outcome: 'unreadable', allowed: true });
  expect(deep.text).toContain('nested');
  const prototype = JSON.stringify(reviewOf(requestOf(BIG))).replace(
    '"spec":{',
    '"__proto__":{"polluted":1},"spec":{"constructor":{"a":1},"__proto__":{"polluted":1},',
  );
  const answered = await replyTo(new TextEncoder().encode(prototype));
  expect(answered.log).toMatchObject({ outcome: 'analysed', allowed: false });
  expect(({} as { polluted?: number }).polluted).toBeUndefined();
});

test('the log has names and rules, and nothing else of an object', async () => {
  const { log } = await replyTo(bytesOf(reviewOf(requestOf(BIG, { name: `a\n\u202e${'x'.repeat(400)}` }))));
  expect(log).toEqual({
    uid: requestOf(BIG).uid,
    operation: 'CREATE',
    kind: 'VirtualMachine',
    namespace: 'prod',
    name: `a\\n\\u202e${'x'.repeat(250)}`,
    outcome: 'analysed',
    allowed: false,
    rules: ['hypervisor-refuses'],
  });
});

test('warnings keep to what Kubernetes passes on', () => {
  const long = `irqsim: rule: ${'word '.repeat(60)}`;
  const [cut] = warningsOf([long, long]);
  expect(cut).toMatch(/^irqsim: rule: (?:word )*word\.\.\.$/);
  expect(cut.length).toBeLessThanOrEqual(120);
  expect(warningsOf(['a\nb\u001b[31m\ud800'])).toEqual(['a\\nb\\x1b[31m\ufffd']);
  const many = warningsOf(Array.from({ length: 500 }, (_, n) => `irqsim: rule-${n}: ${'ü'.repeat(90)}`));
  expect(many.at(-1)).toBe(`irqsim: and ${500 - many.length + 1} more warnings`);
  expect(Buffer.byteLength(many.join(''))).toBeLessThanOrEqual(4096);
  expect(messageOf(['head', 'x'.repeat(9000)])).toBe(`head\n${'x'.repeat(1497)}...`);
  expect(messageOf(Array.from({ length: 500 }, (_, n) => `line ${n} ${'x'.repeat(90)}`))).toMatch(
    /\nand \d+ more$/,
  );
});
