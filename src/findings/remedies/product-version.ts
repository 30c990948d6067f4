/** Another version of the product whose defaults count, from which on it does by itself what is missing. */
import { formatFacts } from '../../formats/formats.ts';
import type { Intent } from '../../formats/intent.ts';
import { firstShipping } from '../../formats/kubevirt/ships.ts';
import { MAX_WITHOUT_EIM, SPLITS_IRQCHIP, TAKES_AMD } from '../../formats/libvirt/rules.ts';
import { type StackProduct, versionOf } from '../../formats/stack.ts';
import { parseVersion, versionText } from '../../formats/version.ts';
import type { Machine } from '../../machine/machine.ts';
import { COSTS } from './parts/costs.ts';
import { OUT_OF_REACH } from './parts/out-of-reach.ts';
import type { Context, Draft, Remedy } from './remedy.ts';

interface Turn {
  /** Counts for the formats of which it is the outermost product. */
  readonly product: StackProduct;
  /** As people call it. */
  readonly name: string;
  readonly version: string;
  readonly what: string;
  /** What it does to a machine by itself; absent: only a configuration that asks for more shows it. */
  readonly brings?: (machine: Machine) => readonly Intent[];
}

/** What libvirt adds where there are many vCPUs. */
function iommuForMany({ cpus, platform }: Machine): readonly Intent[] {
  return cpus.length > MAX_WITHOUT_EIM && platform === 'kvm' ? [{ kind: 'remapping', vendor: 'intel' }] : [];
}

const offersExtDest = (): readonly Intent[] => [{ kind: 'ext-dest-id' }];

const KUBEVIRT = firstShipping(SPLITS_IRQCHIP);

/** First versions that matter (docs/model/importing.md). */
const TURNS: readonly Turn[] = [
  {
    product: 'kubevirt',
    name: 'KubeVirt',
    version: KUBEVIRT.kubevirt,
    what: `its libvirt ${KUBEVIRT.libvirt} adds the virtual IOMMU above 255 possible vCPUs by itself`,
    brings: iommuForMany,
  },
  {
    product: 'libvirt',
    name: 'libvirt',
    version: versionText(SPLITS_IRQCHIP),
    what: 'it adds the virtual IOMMU above 255 possible vCPUs by itself',
    brings: iommuForMany,
  },
  {
    product: 'libvirt',
    name: 'libvirt',
    version: versionText(TAKES_AMD),
    what: 'it takes the AMD IOMMU with XT',
  },
  {
    product: 'cloud-hypervisor',
    name: 'Cloud Hypervisor',
    version: '48',
    what: 'it takes more than 254 vCPUs and always offers the extended destination ID',
    brings: offersExtDest,
  },
  {
    product: 'freebsd',
    name: 'FreeBSD',
    version: '15.0',
    what: 'its bhyve offers the extended destination ID',
    brings: offersExtDest,
  },
  {
    product: 'qemu',
    name: 'QEMU',
    version: '6.0',
    what: 'it can offer the extended destination ID',
  },
];

const isOutermost = ({ product }: Turn, { format }: Context): boolean =>
  formatFacts(format)?.stack[0] === product;

/** KubeVirt brings its own libvirt unless the stack names one. */
function asksFor({ product, version }: Turn, { stack }: Context): boolean {
  if (product === 'kubevirt' && stack.libvirt !== undefined) return false;
  return versionOf(stack, product).version < (parseVersion(version) ?? 0);
}

function toDraft({ product, name, version, what, brings }: Turn, machine: Machine): Draft {
  return {
    about: `version of ${product}`,
    degree: true,
    title: `run ${name} ${version} or newer: ${what}`,
    intents: [{ kind: 'stack', product, version }],
    brings: brings?.(machine) ?? [],
    cost: COSTS.product,
    wording: { host: [`${name} ${version} or newer`] },
  };
}

export const productVersion: Remedy = {
  name: 'product-version',
  title: 'a newer version of the product',
  cures: [...OUT_OF_REACH, 'hypervisor-refuses'],
  changes: (context) =>
    TURNS.filter((turn) => isOutermost(turn, context) && asksFor(turn, context)).map((turn) =>
      toDraft(turn, context.analysis.machine),
    ),
};
