/** Accelerator and interrupt chip as they are written: `-accel`, `-machine accel=`, `-enable-kvm` (measured on 7.2). */
import type { Fact, Irqchip, Props } from './facts.ts';
import { switchValue } from './props.ts';

/** What one place says. */
interface Written {
  readonly accel: Fact<string> | undefined;
  readonly irqchip: Fact<Irqchip> | undefined;
}

export interface AccelSheet {
  /** The first `-accel`: QEMU takes the first accelerator that works, with its own settings. */
  readonly option: Written | undefined;
  /** `-machine` and `-enable-kvm`: the last one counts, key by key. */
  readonly machine: Written;
}

export const NO_ACCEL: AccelSheet = { option: undefined, machine: { accel: undefined, irqchip: undefined } };

/** With an `-accel` read. Throws InputError for an interrupt chip that is none. */
export function readAccelOption(sheet: AccelSheet, props: Props): AccelSheet {
  if (sheet.option) return sheet;
  return { ...sheet, option: { accel: firstAccel(props.get('accel')), irqchip: irqchipFact(props) } };
}

/** With the properties of a `-machine` read; their names are written with "-". */
export function readMachineAccel({ option, machine }: AccelSheet, props: Props): AccelSheet {
  const accel = firstAccel(props.get('accel')) ?? machine.accel;
  return { option, machine: { accel, irqchip: irqchipFact(props) ?? machine.irqchip } };
}

/** What counts, and what QEMU says of both forms at once. */
export function accelFacts({ option, machine }: AccelSheet): Written & { refused: readonly Fact<string>[] } {
  const isBoth = option !== undefined && machine.accel !== undefined;
  const message = 'The -accel and "-machine accel=" options are incompatible';
  return {
    accel: option?.accel ?? machine.accel,
    irqchip: option?.irqchip ?? machine.irqchip,
    refused: isBoth ? [{ value: message, at: machine.accel?.at }] : [],
  };
}

/** "kvm:tcg": the first that works; assumed to be the first. */
function firstAccel(fact: Fact<string> | undefined): Fact<string> | undefined {
  return fact && { value: fact.value.split(':')[0], at: fact.at };
}

function irqchipFact(props: Props): Fact<Irqchip> | undefined {
  const fact = props.get('kernel-irqchip') ?? props.get('kernel_irqchip');
  if (!fact) return undefined;
  if (fact.value === 'split') return { value: 'split', at: fact.at };
  return { value: switchValue(fact, 'kernel-irqchip') ? 'on' : 'off', at: fact.at };
}
