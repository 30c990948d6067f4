/** Colours of a heat map: verdicts, and numbers from the lowest to the highest. */
import { Chalk, type ChalkInstance } from 'chalk';
import type { SweepRow } from './row.ts';

export type Paint = (text: string) => string;

export const PLAIN: Paint = (text) => text;

/** Colours of one report. */
export interface Heat {
  readonly chalk: ChalkInstance;
  readonly verdict: Readonly<Record<SweepRow['verdict'], Paint>>;
  /** Paint of a number within a scale. */
  readonly number: (value: number, scale: Scale) => Paint;
  /** The scale from lowest to highest, drawn; empty without colours. */
  readonly ramp: string;
}

export interface Scale {
  readonly lowest: number;
  readonly highest: number;
}

/** From dark to bright, so that the order shows without seeing the hue. */
const STOPS: readonly (readonly [number, number, number])[] = [
  [68, 1, 84],
  [59, 82, 139],
  [33, 145, 140],
  [94, 201, 98],
  [253, 231, 37],
];
/** Above this brightness text is black. */
const BRIGHT = 110;
const RAMP_STEPS = 10;

/** The numbers among the values; null if there are none. */
export function scaleOf(values: readonly unknown[]): Scale | null {
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (typeof value !== 'number') continue;
    lowest = Math.min(lowest, value);
    highest = Math.max(highest, value);
  }
  return lowest <= highest ? { lowest, highest } : null;
}

/** The colour at `part` (0 to 1) of the ramp. */
function blend(part: number): [number, number, number] {
  const at = part * (STOPS.length - 1);
  const from = Math.min(Math.floor(at), STOPS.length - 2);
  const mix = (channel: 0 | 1 | 2) =>
    Math.round(STOPS[from][channel] + (STOPS[from + 1][channel] - STOPS[from][channel]) * (at - from));
  return [mix(0), mix(1), mix(2)];
}

/** Sixteen colours have no ramp: five that follow each other as on a map of heights. */
function basicPaint(chalk: ChalkInstance, part: number): Paint {
  const paints: readonly Paint[] = [
    chalk.bgBlue.whiteBright,
    chalk.bgCyan.black,
    chalk.bgGreen.black,
    chalk.bgYellow.black,
    chalk.bgRed.whiteBright,
  ];
  return paints[Math.min(Math.floor(part * paints.length), paints.length - 1)];
}

function fullPaint(chalk: ChalkInstance, part: number): Paint {
  const [red, green, blue] = blend(part);
  const brightness = (red * 299 + green * 587 + blue * 114) / 1000;
  const ground = chalk.bgRgb(red, green, blue);
  return brightness > BRIGHT ? ground.rgb(0, 0, 0) : ground.rgb(255, 255, 255);
}

export function heatOf(level: 0 | 1 | 2 | 3): Heat {
  const chalk = new Chalk({ level });
  const at = (part: number): Paint => {
    if (level === 0) return PLAIN;
    return level === 1 ? basicPaint(chalk, part) : fullPaint(chalk, part);
  };
  const ramp = Array.from({ length: RAMP_STEPS }, (_, step) => at(step / (RAMP_STEPS - 1))(' '));
  return {
    chalk,
    verdict: {
      pass: chalk.bgGreen.black,
      warn: chalk.bgYellow.black,
      fail: chalk.bgRed.whiteBright,
      invalid: chalk.bgBlackBright.whiteBright,
    },
    number: (value, { lowest, highest }) =>
      at(highest === lowest ? 0 : (value - lowest) / (highest - lowest)),
    ramp: level === 0 ? '' : ramp.join(''),
  };
}
