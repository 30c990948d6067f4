/** Which kernel runs, and with which parameters. */

import { enterpriseProfile } from '../../machine/enterprise.ts';
import { LIMITS } from '../../machine/limits.ts';
import type { DescriptionBuilder } from '../description-builder.ts';
import type { Place } from './place.ts';
import { kernelRelease } from './release.ts';
import { numberOf, type Tree, textOf } from './tree.ts';

/** Where `irqsim capture` says what it kept to itself. */
export const LEFT_OUT_FILE = 'extra/left-out.txt';
/** Module parameters that decide how many queues a driver asks for. */
const PARAMETERS = ['nvme.write_queues', 'nvme.poll_queues', 'virtio_blk.poll_queues'];

/** Sets kernel, kernelConfig.nrCpus and cmdline. `place` gives the location of a file. */
export function describeKernel(sheet: DescriptionBuilder, tree: Tree, place: Place): void {
  const kernel = kernelRelease(tree);
  if (kernel) sheet.set(['kernel'], kernel.release, place(kernel.path));
  else
    sheet.notUnderstood(
      'the kernel release, which no file of the capture tells (the newest is taken)',
      undefined,
      ['the kernel'],
      '--kernel RELEASE',
      'kernel',
    );
  const enterprise = kernel && enterpriseProfile(kernel.release);
  if (enterprise) sheet.assume(`${enterprise.product}: ${enterprise.about}`, ['kernel']);
  const max = numberOf(tree, 'sys/devices/system/cpu/kernel_max');
  if (max !== undefined && max >= 0 && max < LIMITS.cpus) {
    sheet.set(['kernelConfig', 'nrCpus'], max + 1, place('sys/devices/system/cpu/kernel_max'));
  }
  const cmdline = textOf(tree, 'proc/cmdline');
  if (cmdline === undefined)
    sheet.assume('there is no proc/cmdline: an empty command line is taken', ['cmdline']);
  const [, leftOut] =
    /^kernel parameters left out: ([1-9]\d{0,5})$/.exec(textOf(tree, LEFT_OUT_FILE) ?? '') ?? [];
  if (leftOut !== undefined) {
    sheet.assume(
      `irqsim capture left ${leftOut} kernel ${leftOut === '1' ? 'parameter' : 'parameters'} out, which irqsim does not read`,
      ['cmdline'],
    );
  }
  const full = [
    cmdline ?? '',
    ...moduleParameters(tree, cmdline ?? '', sheet),
    ...cpu0Hotplug(tree, cmdline ?? '', sheet),
  ]
    .join(' ')
    .trim();
  if (full !== '') sheet.set(['cmdline'], full.slice(0, 65_536), place('proc/cmdline'));
}

/** Parameters given when the module was loaded do as on the command line. */
function moduleParameters(tree: Tree, cmdline: string, sheet: DescriptionBuilder): string[] {
  return PARAMETERS.flatMap((parameter) => {
    const [module, name] = parameter.split('.');
    const value = numberOf(tree, `sys/module/${module}/parameters/${name}`);
    if (!value || value < 0 || cmdline.includes(`${parameter}=`)) return [];
    sheet.assume(`the ${module} module runs with ${name}=${value}, which is added to the command line`, [
      'cmdline',
    ]);
    return [`${parameter}=${value}`];
  });
}

/** The boot CPU can be taken offline where it has a file for that: CONFIG_BOOTPARAM_HOTPLUG_CPU0 does it too. */
function cpu0Hotplug(tree: Tree, cmdline: string, sheet: DescriptionBuilder): string[] {
  const shown = textOf(tree, 'sys/devices/system/cpu/cpu0/online') !== undefined;
  if (!shown || cmdline.includes('cpu0_hotplug')) return [];
  sheet.assume('CPU 0 can be taken offline: cpu0_hotplug is added to the command line', ['cmdline']);
  return ['cpu0_hotplug'];
}
