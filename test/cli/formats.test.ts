/** The report formats for CI, as a job runs them: exit codes, what is on which stream, odd file names, `irqsim schema`. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { Ajv2020 } from 'ajv/dist/2020.js';
import draft04 from 'ajv-draft-04';
import formats from 'ajv-formats';
import { SaxesParser } from 'saxes';
import { describe, expect, test } from 'vitest';
import { irqsim, ROOT, scratchFile } from './irqsim.ts';

const PASS = 'scenarios/server-384-cpus-apic-447.yaml';
const FAIL = 'scenarios/240-vcpus-of-5-cores.yaml';
const WARN = 'scenarios/four-cpus-two-queues-nr-cpus.yaml';
const NEW_FORMATS = [
  'sarif',
  'junit',
  'github',
  'gitlab',
  'azure',
  'teamcity',
  'checkstyle',
  'unix',
  'markdown',
  'html',
  'csv',
];

const analyze = (format: string, ...args: string[]) => irqsim(['analyze', '--format', format, ...args]);

function wellFormed(xml: string): void {
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.write(xml).close();
}

describe.each(NEW_FORMATS)('--format %s', (format) => {
  test('exits as the text report does, with data on standard output only', async () => {
    for (const [file, code] of [
      [PASS, 0],
      [WARN, 0],
      [FAIL, 1],
    ] as const) {
      const outcome = await analyze(format, file);
      expect([file, outcome.code, outcome.err]).toEqual([file, code, '']);
    }
    expect((await analyze(format, '--fail-on', 'warning', WARN)).code).toBe(1);
  });

  test('reports several inputs, one of which cannot be read, and exits with 2', async () => {
    const { code, out, err } = await analyze(format, FAIL, 'nosuch.yaml', WARN);
    expect(code).toBe(2);
    expect(err).toBe('nosuch.yaml:1:1: no such file\n');
    for (const part of ['apic-id-above-limit', 'nosuch.yaml', 'no such file', 'cpus-over-count-limit']) {
      expect(out).toContain(part);
    }
  });

  test('says that an input could not be read if it is the only one', async () => {
    const { code, out } = await analyze(format, 'nosuch.yaml');
    expect(code).toBe(2);
    expect(out).toContain('no such file');
  });

  test('gives the same bytes every time, whatever the width and colour', async () => {
    const { out } = await analyze(format, FAIL, WARN);
    expect((await analyze(format, FAIL, WARN)).out).toBe(out);
    const other = await irqsim(['analyze', '--format', format, '--width', '60', FAIL, WARN], {
      env: { FORCE_COLOR: '3' },
    });
    expect(other.out).toBe(out);
  });

  test('reads standard input', async () => {
    const { code, out } = await irqsim(['analyze', '--format', format, '-'], {
      input: 'name: from a pipe\nplatform: kvm\ntopology: { sockets: 300 }\n',
    });
    expect(code).toBe(1);
    expect(out).toContain('apic-id-above-limit');
  });

  test.runIf(format !== 'markdown' && format !== 'html')('does not hold comparisons', async () => {
    const { code, err } = await analyze(format, '--kernel', '5.10,6.12', FAIL);
    expect(code).toBe(2);
    expect(err).toContain(
      `--format ${format} holds one report; comparisons go with text, json, ndjson, markdown, html`,
    );
  });
});

test('a format that there is not is refused with the list of them', async () => {
  const { code, err } = await analyze('yaml', PASS);
  expect(code).toBe(2);
  for (const format of NEW_FORMATS) expect(err).toContain(format);
});

test('--help tells what each format is for', async () => {
  const { out } = await irqsim(['analyze', '--help']);
  for (const format of NEW_FORMATS) expect(out).toMatch(new RegExp(`^  ${format} +\\S`, 'm'));
});

describe('a file with an odd name', () => {
  const file = scratchFile(
    'ü "b" & <c>, 100% | `d`.yaml',
    'platform: kvm\ntopology: { sockets: 300 }\nexpect: { unknown: "9" }\n',
  );

  test('is a URI in SARIF', async () => {
    const { results } = JSON.parse((await analyze('sarif', file)).out).runs[0];
    const { uri } = results[0].locations[0].physicalLocation.artifactLocation;
    expect(decodeURIComponent(new URL(uri).pathname)).toBe(file);
  });

  test('is well-formed XML', async () => {
    const { out } = await analyze('junit', file);
    wellFormed(out);
    expect(out).toContain('ü &quot;b&quot; &amp; &lt;c&gt;, 100% | `d`.yaml');
  });

  test('is escaped in an annotation and quoted in CSV', async () => {
    expect((await analyze('github', file)).out).toContain('ü "b" & <c>%2C 100%25 | `d`.yaml,line=1,');
    expect((await analyze('csv', file)).out).toContain('ü ""b"" & <c>, 100% | `d`.yaml"');
  });
});

describe('sarif', () => {
  const schema = gunzipSync(readFileSync(`${ROOT}/test/schemas/sarif-2.1.0-rtm.5.json.gz`)).toString();
  const ajv = new draft04.default({ strict: false, unicodeRegExp: false });
  formats.default(ajv);
  const validate = ajv.compile(JSON.parse(schema));
  const run = async (...args: string[]) => {
    const log = JSON.parse((await analyze('sarif', ...args)).out);
    validate(log);
    expect(validate.errors ?? []).toEqual([]);
    return log.runs[0];
  };

  test('names irqsim and its version, and no host', async () => {
    const { version } = JSON.parse(readFileSync(`${ROOT}/package.json`, 'utf8'));
    const { driver } = (await run(FAIL)).tool;
    expect(driver).toMatchObject({ name: 'irqsim', version, semanticVersion: version });
    expect(driver.informationUri).toBeUndefined();
  });

  test('tells bad usage of an input too', async () => {
    const [{ executionSuccessful, toolExecutionNotifications }] = (await run('--from', 'nosuch', FAIL))
      .invocations;
    expect(executionSuccessful).toBe(false);
    expect(toolExecutionNotifications[0].message.text).toContain('--from nosuch: no such kind');
  });

  test('tells everything that is wrong with an input, each at its line', async () => {
    const file = scratchFile('wrong.yaml', 'platfrom: kvm\ntopology:\n  sockets: none\n');
    const [{ toolExecutionNotifications }] = (await run(file)).invocations;
    const lines = toolExecutionNotifications.map(
      (one: { locations: { physicalLocation: { region: { startLine: number } } }[] }) =>
        one.locations[0].physicalLocation.region.startLine,
    );
    expect(lines).toEqual([1, 3]);
  });
});

describe('junit', () => {
  test('fails at --fail-on', async () => {
    const failures = async (level: string) =>
      /<testsuites [^>]*failures="(\d+)"/.exec((await analyze('junit', '--fail-on', level, FAIL)).out)?.[1];
    expect(await Promise.all(['never', 'error', 'warning'].map(failures))).toEqual(['0', '1', '4']);
  });

  test('has a suite for each machine of a file', async () => {
    const vm = (name: string) =>
      `apiVersion: kubevirt.io/v1\nkind: VirtualMachine\nmetadata: { name: ${name} }\n` +
      'spec: { template: { spec: { domain: { cpu: { sockets: 2 } } } } }\n';
    const file = scratchFile('vms.yaml', `${vm('red')}---\n${vm('blue')}`);
    const names = [...(await analyze('junit', file)).out.matchAll(/<testsuite name="[^"]*\((\w+)\)"/g)];
    expect(names.map(([, name]) => name)).toEqual(['red', 'blue']);
  });
});

describe('schema', () => {
  test('prints that of descriptions if nothing is named', async () => {
    expect((await irqsim(['schema', 'machine'])).out).toBe((await irqsim(['schema'])).out);
    expect(JSON.parse((await irqsim(['schema'])).out).$id).toBe('urn:irqsim:machine:1');
  });

  test('report: the reports of analyze are valid', async () => {
    const validate = new Ajv2020().compile(JSON.parse((await irqsim(['schema', 'report'])).out));
    const { out } = await analyze('ndjson', PASS, FAIL, 'scenarios/hotplug-suspend-refused.yaml');
    for (const line of out.trimEnd().split('\n')) {
      validate(JSON.parse(line));
      expect(validate.errors ?? []).toEqual([]);
    }
  });

  test('problem-matcher: reads the lines of --format unix', async () => {
    const { problemMatcher } = JSON.parse((await irqsim(['schema', 'problem-matcher'])).out);
    const patterns = problemMatcher.map(
      ({ pattern: [{ regexp }] }: { pattern: { regexp: string }[] }) => new RegExp(regexp),
    );
    const lines = (await analyze('unix', FAIL, PASS, WARN)).out.trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(4);
    for (const line of lines) {
      expect(patterns.filter((pattern: RegExp) => pattern.test(line))).toHaveLength(1);
    }
    expect(patterns[0].exec(lines[0])?.slice(1)).toEqual([
      FAIL,
      '1',
      '1',
      'error',
      expect.stringMatching(/^80 CPUs above APIC ID 255/),
      'apic-id-above-limit',
    ]);
  });

  test('refuses what there is not', async () => {
    const { code, err } = await irqsim(['schema', 'nosuch']);
    expect(code).toBe(2);
    expect(err).toContain(
      'machine, report, budget, prove, dmesg, irqs, solve, whatif, diff, sweep, advise, replay, verify, batch, merge, project, problem-matcher',
    );
  });
});
