/** Text without colours: it stays as it is, and chalk need not be loaded for that. */

type Face = 'bold' | 'dim' | 'green' | 'yellow' | 'red' | 'redBright' | 'blue' | 'magenta' | 'cyan' | 'gray';

/** As much of chalk as is asked for where there may be no colours. */
export type Colourless = Readonly<Record<Face, (text: string) => string>> & { readonly level: 0 };

const asItIs = (text: string): string => text;

export const COLOURLESS: Colourless = {
  level: 0,
  bold: asItIs,
  dim: asItIs,
  green: asItIs,
  yellow: asItIs,
  red: asItIs,
  redBright: asItIs,
  blue: asItIs,
  magenta: asItIs,
  cyan: asItIs,
  gray: asItIs,
};
