/** The name of an input as project files and baselines have it: relative to their folder, whatever the current one. */

/** The parts of an absolute path, with `.` and `..` resolved. */
function partsOf(path: string): string[] {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts;
}

/**
 * `file` as seen from `folder`: "vms/a.xml", "../b.xml", "." for the folder itself; "-", standard input, as it is.
 * Both folders are absolute; a relative `file` starts at `cwd`.
 */
export function fileKey(file: string, cwd: string, folder: string): string {
  if (file === '-') return file;
  const from = partsOf(folder);
  const to = partsOf(file.startsWith('/') ? file : `${cwd}/${file}`);
  let shared = 0;
  while (shared < from.length && shared < to.length && from[shared] === to[shared]) shared++;
  return [...from.slice(shared).map(() => '..'), ...to.slice(shared)].join('/') || '.';
}
