/** What tells that files have changed: size, time and inode of each, links followed. */
import { type Dirent, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { statOf } from './walk.ts';

/** By absolute path; a file that is not there has a stamp too, for it may come. */
export type Stamps = ReadonlyMap<string, string>;

function stampOf(path: string): string {
  const stat = statOf(path);
  return stat ? [stat.mtimeMs, stat.ctimeMs, stat.size, stat.ino].join(' ') : 'absent';
}

/** A directory that vanishes meanwhile, or that may not be read, holds nothing. */
function entriesIn(directory: string): Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** A part of an archive is named by a path that leads into it: the archive is the file. */
function fileOf(path: string): string {
  for (let at = path; at !== dirname(at); at = dirname(at)) {
    const stat = statOf(at);
    if (stat) return stat.isFile() ? at : path;
  }
  return path;
}

function addStamps(path: string, stamps: Map<string, string>, skipped: string | undefined): void {
  if (path === skipped) return;
  if (statOf(path)?.isDirectory() !== true) {
    const file = fileOf(path);
    stamps.set(file, stampOf(file));
    return;
  }
  for (const entry of entriesIn(path)) {
    // A link to a directory could lead in a circle; hidden files are no inputs.
    const below = join(path, entry.name);
    const leads = entry.isSymbolicLink() && statOf(below)?.isDirectory() === true;
    if (!entry.name.startsWith('.') && !leads) addStamps(below, stamps, skipped);
  }
}

/** The stamps of files, and of all files below directories; `skipped` is a file that does not count. */
export function stampsOf(paths: readonly string[], skipped?: string): Stamps {
  const stamps = new Map<string, string>();
  for (const path of paths) addStamps(resolve(path), stamps, skipped);
  return stamps;
}

/** The files whose stamps differ, those included that came or went. */
export function changedFiles(before: Stamps, after: Stamps): readonly string[] {
  const all = new Set([...before.keys(), ...after.keys()]);
  return [...all].filter((path) => before.get(path) !== after.get(path)).sort();
}
