/** What is known of project files: they are no machines, but texts that people write too. */
import type { Field } from '../machine/fields.ts';

export interface ProjectFiles {
  /** Their name in any folder. */
  readonly name: string;
  readonly schema: Field;
  /** Rejects with an InputError for a text that is none; `file` is its name in messages. */
  readonly check: (text: string, file: string) => Promise<unknown>;
}
