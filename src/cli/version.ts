/** The version, taken from package.json when the CLI is bundled. */
import pkg from '../../package.json' with { type: 'json' };

export const VERSION: string = pkg.version;
