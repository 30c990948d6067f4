/** The stories told by configurations of other products: read by the command line as a user would. */
import { describe, expect, test } from 'vitest';
import { irqsim } from './cli/irqsim.ts';

const report = async (file: string, ...args: string[]) =>
  JSON.parse((await irqsim(['analyze', '--format', 'json', ...args, `scenarios/imported/${file}`])).out);
const rules = ({ findings }: { findings: { rule: string }[] }) => findings.map((finding) => finding.rule);

describe('a KubeVirt guest of 64 vCPUs', () => {
  test('is refused by libvirt 10.5, because four times the sockets are possible', async () => {
    const result = await report('kubevirt-64-vcpus.yaml', '--stack', 'libvirt=10.5');
    expect(result.cpus).toMatchObject({ possible: '0-255', present: '0-63' });
    const refusal = result.findings.find(
      (finding: { rule: string }) => finding.rule === 'hypervisor-refuses',
    );
    expect(refusal.message).toContain(
      'unsupported configuration: more than 255 vCPUs require extended interrupt mode enabled on the iommu device',
    );
    expect(refusal.location).toMatchObject({ line: 15 });
  });

  test('starts with libvirt 11.0, which adds the virtual IOMMU by itself', async () => {
    const result = await report('kubevirt-64-vcpus.yaml', '--stack', 'libvirt=11.0');
    expect(rules(result)).not.toContain('hypervisor-refuses');
    expect(result.apic.remapping).toBe('x2apic');
  });

  test('is no trouble with maxSockets', async () => {
    const result = await report(
      'kubevirt-64-vcpus.yaml',
      '--stack',
      'libvirt=10.5',
      '--set',
      'topology.max=64',
    );
    expect(result.reach.unreachable).toBe('');
  });
});

describe('a QEMU guest of 288 vCPUs that nobody refuses', () => {
  test('loses half of its CPUs without a word', async () => {
    const result = await report('qemu-288-vcpus.sh');
    expect(result.reach).toMatchObject({ reachable: '0-143', unreachable: '144-287' });
    expect(rules(result)).not.toContain('hypervisor-refuses');
    expect(rules(result)).toContain('apic-id-above-limit');
  });

  test('is whole with the split irqchip', async () => {
    const result = await report('qemu-288-vcpus.sh', '--set', 'extDestId=true');
    expect(result.reach.unreachable).toBe('');
  });
});
