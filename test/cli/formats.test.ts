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
const FAIL = 'scenarios/g4-240-vcpus-of-5-cores.yaml';
const WARN = 'scenarios/seed-hpet-message-interrupts.yaml';
const NEW_FORMATS = ['sarif', 'junit', 'github', 'unix', 'markdown', 'csv'];

const analyze = (format: string, ...args: string[]) => irqsim(['analyze', '--format', format, ...args]);

function wellFormed(xml: string): void {
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.write(xml).close();
}

describe.each(NEW_FORMATS)('--format %s', (format) => {
  test('exits as the text report does, with data on standard output only', () => {
    for (const [file, code] of [
      [PASS, 0],
      [WARN, 0],
      [FAIL, 1],
    ] as const) {
      const outcome = analyze(format, file);
      expect([file, outcome.code, outcome.err]).toEqual([file, code, '']);
    }
    expect(analyze(format, '--fail-on', 'warning', WARN).code).toBe(1);
  });

  test('reports several inputs, one of which cannot be read, and exits with 2', () => {
    const { code, out, err } = analyze(format, FAIL, 'nosuch.yaml', WARN);
    expect(code).toBe(2);
    expect(err).toBe('nosuch.yaml:1:1: no such file\n');
    for (const part of ['apic-id-above-limit', 'nosuch.yaml', 'no such file', 'hpet-msi-in-use']) {
      expect(out).toContain(part);
    }
  });

  test('says that an input could not be read if it is the only one', () => {
    const { code, out } = analyze(format, 'nosuch.yaml');
    expect(code).toBe(2);
    expect(out).toContain('no such file');
  });

  test('gives the same bytes every time, whatever the width and colour', () => {
    const { out } = analyze(format, FAIL, WARN);
    expect(analyze(format, FAIL, WARN).out).toBe(out);
    const other = irqsim(['analyze', '--format', format, '--width', '60', FAIL, WARN], {
      env: { FORCE_COLOR: '3' },
    });
    expect(other.out).toBe(out);
  });

  test('reads standard input', () => {
    const { code, out } = irqsim(['analyze', '--format', format, '-'], {
      input: 'name: from a pipe\nplatform: kvm\ntopology: { sockets: 300 }\n',
    });
    expect(code).toBe(1);
    expect(out).toContain('apic-id-above-limit');
  });

  test('does not hold comparisons', () => {
    const { code, err } = analyze(format, '--kernel', '5.10,6.12', FAIL);
    expect(code).toBe(2);
    expect(err).toContain(`--format ${format} holds one report; comparisons go with text, json, ndjson`);
  });
});

test('a format that there is not is refused with the list of them', () => {
  const { code, err } = analyze('html', PASS);
  expect(code).toBe(2);
  for (const format of NEW_FORMATS) expect(err).toContain(format);
});

test('--help tells what each format is for', () => {
  const { out } = irqsim(['analyze', '--help']);
  for (const format of NEW_FORMATS) expect(out).toMatch(new RegExp(`^  ${format} +\\S`, 'm'));
});

describe('a file with an odd name', () => {
  const file = scratchFile(
    'ü "b" & <c>, 100% | `d`.yaml',
    'platform: kvm\ntopology: { sockets: 300 }\nexpect: { unknown: "9" }\n',
  );

  test('is a URI in SARIF', () => {
    const { results } = JSON.parse(analyze('sarif', file).out).runs[0];
    const { uri } = results[0].locations[0].physicalLocation.artifactLocation;
    expect(decodeURIComponent(new URL(uri).pathname)).toBe(file);
  });

  test('is well-formed XML', () => {
    const { out } = analyze('junit', file);
    wellFormed(out);
    expect(out).toContain('ü &quot;b&quot; &amp; &lt;c&gt;, 100% | `d`.yaml');
  });

  test('is escaped in an annotation and quoted in CSV', () => {
    expect(analyze('github', file).out).toContain('ü "b" & <c>%2C 100%25 | `d`.yaml,line=1,');
    expect(analyze('csv', file).out).toContain('ü ""b"" & <c>, 100% | `d`.yaml"');
  });
});

describe('sarif', () => {
  const schema = gunzipSync(readFileSync(`${ROOT}/test/schemas/sarif-2.1.0-rtm.5.json.gz`)).toString();
  const ajv = new draft04.default({ strict: false, unicodeRegExp: false });
  formats.default(ajv);
  const validate = ajv.compile(JSON.parse(schema));
  const run = (...args: string[]) => {
    const log = JSON.parse(analyze('sarif', ...args).out);
    validate(log);
    expect(validate.errors ?? []).toEqual([]);
    return log.runs[0];
  };

  test('names irqsim and its version, and no host', () => {
    const { version } = JSON.parse(readFileSync(`${ROOT}/package.json`, 'utf8'));
    const { driver } = run(FAIL).tool;
    expect(driver).toMatchObject({ name: 'irqsim', version, semanticVersion: version });
    expect(driver.informationUri).toBeUndefined();
  });

  test('tells bad usage of an input too', () => {
    const [{ executionSuccessful, toolExecutionNotifications }] = run('--from', 'nosuch', FAIL).invocations;
    expect(executionSuccessful).toBe(false);
    expect(toolExecutionNotifications[0].message.text).toContain('--from nosuch: no such kind');
  });

  test('tells everything that is wrong with an input, each at its line', () => {
    const file = scratchFile('wrong.yaml', 'platfrom: kvm\ntopology:\n  sockets: none\n');
    const [{ toolExecutionNotifications }] = run(file).invocations;
    const lines = toolExecutionNotifications.map(
      (one: { locations: { physicalLocation: { region: { startLine: number } } }[] }) =>
        one.locations[0].physicalLocation.region.startLine,
    );
    expect(lines).toEqual([1, 3]);
  });
});

describe('junit', () => {
  test('fails at --fail-on', () => {
    const failures = (level: string) =>
      /<testsuites [^>]*failures="(\d+)"/.exec(analyze('junit', '--fail-on', level, FAIL).out)?.[1];
    expect(['never', 'error', 'warning'].map(failures)).toEqual(['0', '1', '4']);
  });

  test('has a suite for each machine of a file', () => {
    const vm = (name: string) =>
      `apiVersion: kubevirt.io/v1\nkind: VirtualMachine\nmetadata: { name: ${name} }\n` +
      'spec: { template: { spec: { domain: { cpu: { sockets: 2 } } } } }\n';
    const file = scratchFile('vms.yaml', `${vm('red')}---\n${vm('blue')}`);
    const names = [...analyze('junit', file).out.matchAll(/<testsuite name="[^"]*\((\w+)\)"/g)];
    expect(names.map(([, name]) => name)).toEqual(['red', 'blue']);
  });
});

describe('schema', () => {
  test('prints that of descriptions if nothing is named', () => {
    expect(irqsim(['schema', 'machine']).out).toBe(irqsim(['schema']).out);
    expect(JSON.parse(irqsim(['schema']).out).$id).toBe('urn:irqsim:machine:1');
  });

  test('report: the reports of analyze are valid', () => {
    const validate = new Ajv2020().compile(JSON.parse(irqsim(['schema', 'report']).out));
    const { out } = analyze('ndjson', PASS, FAIL, 'scenarios/hotplug-suspend-refused.yaml');
    for (const line of out.trimEnd().split('\n')) {
      validate(JSON.parse(line));
      expect(validate.errors ?? []).toEqual([]);
    }
  });

  test('problem-matcher: reads the lines of --format unix', () => {
    const { problemMatcher } = JSON.parse(irqsim(['schema', 'problem-matcher']).out);
    const patterns = problemMatcher.map(
      ({ pattern: [{ regexp }] }: { pattern: { regexp: string }[] }) => new RegExp(regexp),
    );
    const lines = analyze('unix', FAIL, PASS, WARN).out.trimEnd().split('\n');
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

  test('refuses what there is not', () => {
    const { code, err } = irqsim(['schema', 'nosuch']);
    expect(code).toBe(2);
    expect(err).toContain('machine, report, project, problem-matcher');
  });
});
