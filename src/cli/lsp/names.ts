/** From the URI of a text to its name and the folder that it is read in. */
import { basename, dirname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { currentFolder } from '../project/find-project.ts';

export interface Name {
  /** From the folder. */
  readonly file: string;
  /** Absolute path. */
  readonly folder: string;
  readonly folderUri: string;
}

/** The path that a URI stands for; undefined for what is no file here. */
function pathOf(uri: string): string | undefined {
  try {
    return uri.startsWith('file:') ? fileURLToPath(uri) : undefined;
  } catch {
    return undefined;
  }
}

/** What a text that is no file is called: the last part of its URI. */
function lastPart(uri: string): string {
  const part =
    uri
      .split(/[/:]/)
      .filter((one) => one !== '')
      .at(-1) ?? 'text';
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** A file is named from its own folder, any other text counts as one in the current folder. */
export function nameOf(uri: string): Name {
  const path = pathOf(uri);
  const folder = path === undefined ? currentFolder() : dirname(path);
  const folderUri = pathToFileURL(folder).href;
  return { file: path === undefined ? lastPart(uri) : basename(path), folder, folderUri };
}
