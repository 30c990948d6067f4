/** The running machine as an input: its log comes from programs. */
import { expect, test } from 'vitest';
import { liveTree } from '../../src/cli/input/live-tree.ts';
import { kernelLog } from '../../src/formats/linux-capture/kernel-log.ts';
import { memoryTree } from '../formats/memory-tree.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const FILES = memoryTree({
  'proc/version': 'Linux version 6.1.0',
  'var/log/dmesg': '[ 0.0] Linux version 6.1.0 (old)\n',
});

test('dmesg is asked once, and only for the log', () => {
  const asked: string[] = [];
  const tree = liveTree(FILES, (program) => {
    asked.push(program);
    return bytes('[    0.000000] Linux version 6.12.1 (x)\n[    0.1] Hypervisor detected: KVM\n');
  });
  expect(tree.read('proc/version')).toEqual(bytes('Linux version 6.1.0'));
  expect(asked).toEqual([]);
  expect(kernelLog(tree)).toMatchObject({ known: true, path: 'dmesg.txt' });
  expect(tree.read('dmesg.txt')).toBeDefined();
  expect(asked).toEqual(['dmesg']);
});

test('the journal, where dmesg lost the beginning', () => {
  const tree = liveTree(FILES, (program) =>
    bytes(
      program === 'dmesg'
        ? '[  900.0] usb 1-1: new device\n'
        : 'Nov 29 08:00:01 h kernel: Linux version 6.12.1 (x)\n',
    ),
  );
  expect(kernelLog(tree).known).toBe(true);
});

test('files, where nobody may ask', () => {
  const log = kernelLog(liveTree(FILES, () => undefined));
  expect(log).toMatchObject({ known: true, path: 'var/log/dmesg' });
});
