/** Colours of a heat map, behind the text: of tones, and of numbers from the lowest to the highest. */
import type { ChalkInstance } from 'chalk';
import type { Ground } from '../block.ts';
import type { Colourless } from './colourless.ts';

type Paint = (text: string) => string;

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

const GROUNDS: Readonly<Record<Exclude<Ground, number>, (chalk: ChalkInstance) => Paint>> = {
  good: (chalk) => chalk.bgGreen.black,
  doubt: (chalk) => chalk.bgYellow.black,
  bad: (chalk) => chalk.bgRed.whiteBright,
  absent: (chalk) => chalk.bgBlackBright.whiteBright,
};

/** Text on the colour of its ground. */
export function grounded(text: string, ground: Ground, chalk: ChalkInstance | Colourless): string {
  if (chalk.level === 0) return text;
  if (typeof ground !== 'number') return GROUNDS[ground](chalk)(text);
  return (chalk.level === 1 ? basicPaint(chalk, ground) : fullPaint(chalk, ground))(text);
}

/** The colours of numbers from lowest to highest, drawn; empty without colours. */
export function ramp(chalk: ChalkInstance | Colourless): string {
  if (chalk.level === 0) return '';
  return Array.from({ length: RAMP_STEPS }, (_, step) => grounded(' ', step / (RAMP_STEPS - 1), chalk)).join(
    '',
  );
}
