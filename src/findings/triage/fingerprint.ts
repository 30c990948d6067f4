/** What makes two findings of different runs the same one: no line number, so that a file may grow. */
import type { Machine } from '../../machine/machine.ts';
import type { Finding } from '../rules/rule.ts';
import { fileKey } from './file-key.ts';
import type { KnownFinding } from './settings.ts';

/** The finding as a baseline in `folder` has it. Both folders are absolute. */
export function knownFinding(machine: Machine, finding: Finding, cwd: string, folder: string): KnownFinding {
  const { rule, level, devices, message } = finding;
  return { file: fileKey(machine.source, cwd, folder), machine: machine.name, rule, level, devices, message };
}

/** The level is no part of it: a finding may become less bad and stays the same. */
export function fingerprint({ file, machine, rule, devices, message }: KnownFinding): string {
  return JSON.stringify([file, machine, rule, devices, message]);
}
