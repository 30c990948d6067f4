/** vm-bhyve and cbsd: configurations that become bhyve's. */
import { expect, test } from 'vitest';
import { analyze } from '../../src/findings/analyze.ts';
import { machineOf, readSources } from '../../src/questions/source.ts';

async function analysed(text: string) {
  const [source] = await readSources({ bytes: new TextEncoder().encode(text), file: 'vm.conf' });
  expect(source.format).toBe('vm-bhyve');
  return analyze(machineOf(source));
}

const unread = (analysis: ReturnType<typeof analyze>): string[] =>
  analysis.machine.notUnderstood.map(({ part }) => part);

const GUEST = `loader="uefi"
cpu=8
cpu_sockets=1
cpu_cores=4
cpu_threads=2
memory=4G
network0_type="virtio-net"
network0_switch="public"
disk0_type="nvme"
disk0_name="disk0.img"
disk1_type="ahci-hd"
disk1_name="disk1.img"
`;

test('vm-bhyve: CPUs, disks and adapters', async () => {
  const analysis = await analysed(GUEST);
  expect(unread(analysis)).toEqual([]);
  expect(analysis.machine.platform).toBe('bhyve');
  expect(analysis.enumeration.possible.toString()).toBe('0-7');
  expect(analysis.machine.devices.map(({ name, driver }) => [name, driver])).toEqual([
    ['virtio-net network0', 'virtio-net'],
    ['nvme disk0', 'nvme'],
  ]);
});

test('cbsd: vCPUs, the kind of disk, x2APIC', async () => {
  const analysis = await analysed(
    'jname="web"\nvm_cpus="6"\nvm_ram="4g"\nvm_os_type="linux"\nvirtio_type="virtio-blk"\nbhyve_x2apic_mode="1"\n',
  );
  expect(unread(analysis)).toEqual([]);
  expect(analysis.machine.name).toBe('web');
  expect(analysis.enumeration.possible.toString()).toBe('0-5');
  expect(analysis.machine.devices.map(({ driver }) => driver)).toEqual(['virtio-blk', 'virtio-net']);
});

test.each([
  ['bhyve_options="-s 9,nvme,/x"', /bhyve_options=/],
  ['passthru0="6/0/0"', /passthru/],
  ['disk2_type="warp"', /warp/],
  ['turbo="on"', /turbo=/],
  ['constructor="on"', /constructor=/],
])('%s does not pass', async (line, part) => {
  const analysis = await analysed(`${GUEST}${line}\n`);
  expect(unread(analysis).join('\n')).toMatch(part);
  expect(analysis.summary.verdict).not.toBe('pass');
});
