/** Project files as texts that an editor has open. */
import type { ProjectFiles } from '../../lsp/project.ts';
import { PROJECT_FILE } from '../project/find-project.ts';
import { projectSchema, readProjectText } from '../project/project-file.ts';

export const PROJECT_FILES: ProjectFiles = {
  name: PROJECT_FILE,
  schema: projectSchema,
  // What it names is not looked for: the folder does not matter.
  check: (text, file) => readProjectText(text, file, `/${file}`),
};
