// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expansions of a shell
/** QEMU's commands where they are not a script by themselves: Makefiles, units of systemd, Markdown, prose. */
import { describe, expect, test } from 'vitest';
import { importAll, imported } from './importers.ts';

const cpusOf = async (text: string) => (await importAll(text)).map(({ machine }) => machine.cpus.length);
const partsOf = async (text: string) =>
  ((await imported(text)) as { notUnderstood?: { part: string }[] }).notUnderstood?.map(({ part }) => part);

describe('Makefiles', () => {
  test.each([
    ['QEMU = qemu-system-x86_64\nF = -M q35 -smp 6\nrun: k\n\t$(QEMU) $(F) -nographic\n', [6]],
    ['F := -smp \\\n  6\nF += -m 1G # memory\nrun:\n\t@qemu-system-x86_64 ${F}\n', [6]],
    ['N ?= 6\nall: a b\n\techo\nrun: all\n\tqemu-system-x86_64 -smp $(N) \\\n\t  -cdrom $<\n', [6]],
    ['ifndef N\nN = 6\nendif\nrun:\n\t-qemu-system-x86_64 -smp $(N)\n', [6]],
    ['A = -smp 2\nB = $(A)\none:\n\tqemu-system-x86_64 $(B)\ntwo:\n\tqemu-system-x86_64 -smp 3\n', [2, 3]],
  ])('%j', async (text, cpus) => {
    expect(await cpusOf(text)).toEqual(cpus);
    expect(await partsOf(text)).toBeUndefined();
  });

  test.each([
    ['run:\n\tqemu-system-x86_64 -smp 2 $(EXTRA)\n', '"${EXTRA}"'],
    ['F = -smp 2\nifdef BIG\nF += -smp 9\nendif\nrun:\n\tqemu-system-x86_64 $(F)\n', '"${F}"'],
    ['F = -smp 2\ndebug: F += -smp 9\ndebug:\n\tqemu-system-x86_64 $(F)\n', '"${F}"'],
    ['run:\n\tqemu-system-x86_64 -smp 2 $(addprefix -device ,$(DEVS))\n', '"$(addprefix -device ,${DEVS})"'],
  ])('what make decides is named: %j', async (text, part) => {
    expect(await partsOf(text)).toContain(part);
  });

  test('a place leads to the Makefile', async () => {
    const text = 'F = -M q35 \\\n\t-smp 6\nrun:\n\tqemu-system-x86_64 $(F)\n';
    const [{ result }] = await importAll(text);
    expect(result.raw.locate(['topology', 'present'])).toMatchObject({ line: 2, column: 7 });
  });
});

test.each([
  ['[Service]\nExecStart=/usr/bin/qemu-system-x86_64 -M q35 \\\n  -smp 6\nUser=a\n', 6],
  ['[Service]\nEnvironment="O=-smp 6" B=1\nExecStart=-/usr/bin/qemu-system-x86_64 $O\n', 6],
  ["[Unit]\nDescription=a's\n[Service]\nExecStart=/bin/sh -c 'exec qemu-system-x86_64 -smp 6'\n", 6],
  ["It doesn't `work`:\n```sh\n$ qemu-system-x86_64 -smp 6\n```\nisn't it\n", 6],
  ['#!/bin/sh\ncat <<EOF\n```\nqemu-system-x86_64 -smp 2\n```\nEOF\nqemu-system-x86_64 -smp 6\n', 6],
  ["It doesn't work:\nqemu-system-x86_64 -M q35 \\\n  -smp 6\nThat's all\n", 6],
  ['Run `qemu-system-x86_64 -M q35 -smp 6` and wait.\n', 6],
  ['@echo off\nset O=-M q35 -smp 6\n"C:\\Program Files\\qemu\\qemu-system-x86_64.exe" %O% -m 1G\n', 6],
  ['IFS=,\np=(2 maxcpus=6)\nqemu-system-x86_64 -smp "${p[*]}"\n', 6],
])('%j', async (text, cpus) => {
  expect(await cpusOf(text)).toEqual([cpus]);
});

test.each([
  ['read -r -a O <<< "-smp 9"\nqemu-system-x86_64 "${O[@]}"\n', '"$O"'],
  ['mapfile -t O < f\nqemu-system-x86_64 "${O[@]}"\n', '"$O"'],
  ['cat f | xargs qemu-system-x86_64 -smp 2\n', '"the input of xargs"'],
  ['qemu-system-x86_64 "$ACCEL" -smp 2\n', '"$ACCEL"'],
  ['exec "${QEMU:-qemu-system-x86_64}" "$O" -smp 2\n', '"$O"'],
])('what comes from elsewhere is named: %j', async (text, part) => {
  expect(await partsOf(text)).toContain(part);
});
