/** The `cli-progress` package, as a module of its own so that it is loaded only where there is a bar to draw. */
import cliProgress from 'cli-progress';

export const { Format, SingleBar } = cliProgress;
