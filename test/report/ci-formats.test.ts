/** GitLab, Checkstyle, Azure Pipelines and TeamCity: read back as those systems read them, whatever the names. */
import { SaxesParser } from 'saxes';
import { describe, expect, test } from 'vitest';
import { visible } from '../../src/lib/visible.ts';
import { azure } from '../../src/report/reporters/azure.ts';
import { checkstyle } from '../../src/report/reporters/checkstyle.ts';
import { gitlab } from '../../src/report/reporters/gitlab.ts';
import { teamcity } from '../../src/report/reporters/teamcity.ts';
import { placeOf } from '../../src/report/wording/place.ts';
import { FAIL, named, ODD_NAMES, render, SCENARIOS, scenario } from './analyses.ts';

const WARN = 'scenarios/four-cpus-two-queues-nr-cpus.yaml';

type Analyses = Awaited<ReturnType<typeof scenario>>;

/** What is to be found in every format: level, rule, file and line of each finding. */
const expected = (analyses: Analyses) =>
  analyses.flatMap(({ findings, machine: { source } }) =>
    findings.map(({ level, rule, location }) => {
      const { file, line } = placeOf(location, source);
      return { level, rule, file: visible(file), line };
    }),
  );

describe('gitlab', () => {
  const LEVELS = { critical: 'error', major: 'warning', info: 'note' } as const;
  interface Issue {
    description: string;
    check_name: string;
    fingerprint: string;
    severity: keyof typeof LEVELS;
    location: { path: string; lines: { begin: number } };
  }
  const issues = (analyses: Analyses): Issue[] => JSON.parse(render(gitlab, analyses));

  test.each(SCENARIOS)('%s: an issue a finding, each with a fingerprint of its own', async (file) => {
    const analyses = await scenario(file);
    const found = issues([...analyses, ...analyses]);
    expect(
      found.map(({ severity, check_name: rule, location }) => ({
        level: LEVELS[severity],
        rule,
        file: location.path,
        line: location.lines.begin,
      })),
    ).toEqual(expected([...analyses, ...analyses]));
    expect(new Set(found.map(({ fingerprint }) => fingerprint)).size).toBe(found.length);
  });

  test('a fingerprint is that of the machine and its finding', async () => {
    const print = (analyses: Analyses) => issues(analyses).map(({ fingerprint }) => fingerprint);
    expect(print([await named('db', 'a.json')])).toEqual(print([await named('db', 'a.json')]));
    expect(print([await named('db', 'a.json')])).not.toEqual(print([await named('web', 'a.json')]));
  });

  test('what cannot be read blocks; nothing found is an empty list', async () => {
    expect(JSON.parse(render(gitlab, [], { failed: 'dir/broken.yaml' }))[0]).toMatchObject({
      check_name: 'unreadable',
      severity: 'blocker',
      location: { path: 'dir/broken.yaml', lines: { begin: 3 } },
    });
    expect(JSON.parse(render(gitlab, []))).toEqual([]);
  });
});

describe('checkstyle', () => {
  /** File name and attributes of each error; throws where the XML is not well-formed. */
  function errors(xml: string): { file: string; attributes: Record<string, string> }[] {
    const found: { file: string; attributes: Record<string, string> }[] = [];
    let file = '';
    const parser = new SaxesParser();
    parser.on('error', (error) => {
      throw error;
    });
    parser.on('opentag', ({ name, attributes }) => {
      if (name === 'file') file = String(attributes.name);
      if (name === 'error') found.push({ file, attributes: attributes as Record<string, string> });
    });
    parser.write(xml).close();
    return found;
  }

  test.each(SCENARIOS)('%s: an error a finding', async (file) => {
    const analyses = await scenario(file);
    const found = errors(render(checkstyle, analyses)).map(({ file: name, attributes }) => ({
      level: attributes.severity === 'info' ? 'note' : attributes.severity,
      rule: attributes.source.replace(/^irqsim\./, ''),
      file: name,
      line: Number(attributes.line),
    }));
    expect(found).toHaveLength(expected(analyses).length);
    expect(found).toEqual(expect.arrayContaining(expected(analyses)));
  });

  test('findings of one file stand together, whichever machine they are of', async () => {
    const analyses = [...(await scenario(FAIL)), ...(await scenario(WARN)), ...(await scenario(FAIL))];
    expect(render(checkstyle, analyses).match(/<file /g)).toHaveLength(2);
  });

  test('what cannot be read is an error', () => {
    const [first] = errors(render(checkstyle, [], { failed: 'dir/broken.yaml' }));
    expect(first.attributes).toMatchObject({ line: '3', severity: 'error', source: 'irqsim.unreadable' });
  });

  test.each(ODD_NAMES)('a name such as %j breaks nothing', async (name) => {
    const found = errors(render(checkstyle, [await named(name, `${name}.json`)]));
    expect(found[0].file).toBe(visible(`${name}.json`).replaceAll('\ud800', ''));
  });
});

describe('azure', () => {
  /** As the agent reads a line: properties and data, decoded. */
  function command(line: string) {
    const [, properties, data] = /^##vso\[task\.logissue ([^\]]*)\](.*)$/.exec(line) ?? [];
    if (properties === undefined) return undefined;
    const decode = (text: string) =>
      text
        .replaceAll('%3B', ';')
        .replaceAll('%5D', ']')
        .replaceAll('%0D', '\r')
        .replaceAll('%0A', '\n')
        .replaceAll('%AZP25', '%');
    const values = properties.split(';').map((one): [string, string] => {
      const [key, ...rest] = one.split('=');
      return [key, decode(rest.join('='))];
    });
    return { ...Object.fromEntries(values), message: decode(data) } as Record<string, string>;
  }

  test.each(SCENARIOS)('%s: a line a finding; notes are no issues', async (file) => {
    const analyses = await scenario(file);
    const lines = render(azure, analyses).split('\n').slice(0, -1);
    const wanted = expected(analyses);
    expect(lines).toHaveLength(wanted.length);
    for (const [n, line] of lines.entries()) {
      const { level, rule, file: path, line: number } = wanted[n];
      if (level === 'note') expect(line).toContain(`${path}:${number}:`);
      else
        expect(command(line)).toMatchObject({
          type: level,
          code: rule,
          sourcepath: path,
          linenumber: String(number),
        });
    }
  });

  test.each(ODD_NAMES)('a name such as %j comes back', async (name) => {
    const [line] = render(azure, [await named(name, `${name};].json`)]).split('\n');
    const read = command(line);
    expect(read?.sourcepath).toBe(visible(`${name};].json`));
    expect(read?.message.startsWith(`${visible(name)}: `)).toBe(true);
  });
});

describe('teamcity', () => {
  /** As the server reads a message: its name and values, decoded. */
  function message(line: string) {
    const [, name, rest] = /^##teamcity\[(\w+)((?: \w+='(?:[^|'\]\n]|\|.)*')*)\]$/.exec(line) ?? [];
    if (name === undefined) throw new Error(`no service message: ${line}`);
    const decode = (text: string) =>
      text.replace(/\|0x([0-9a-f]{4})|\|(.)/g, (_, code, char) =>
        code ? String.fromCharCode(Number.parseInt(code, 16)) : char,
      );
    const values = [...rest.matchAll(/ (\w+)='((?:[^|']|\|.)*)'/g)];
    return { name, ...Object.fromEntries(values.map(([, key, value]) => [key, decode(value)])) } as Record<
      string,
      string
    >;
  }
  const messages = (text: string) => text.split('\n').slice(0, -1).map(message);

  test.each(SCENARIOS)('%s: an inspection a finding, its rule declared once and before', async (file) => {
    const analyses = await scenario(file);
    const read = messages(render(teamcity, [...analyses, ...analyses]));
    const found = read.filter(({ name }) => name === 'inspection');
    expect(
      found.map(({ typeId, file: path, line, SEVERITY }) => ({
        level: { ERROR: 'error', WARNING: 'warning', INFO: 'note' }[SEVERITY],
        rule: typeId.replace(/^irqsim\./, ''),
        file: path,
        line: Number(line),
      })),
    ).toEqual(expected([...analyses, ...analyses]));
    const seen = new Set<string>();
    for (const { name, id, typeId } of read) {
      if (name === 'inspection') expect(seen).toContain(typeId);
      else {
        expect(seen).not.toContain(id);
        seen.add(id);
      }
    }
  });

  test.each(ODD_NAMES)('a name such as %j comes back', async (name) => {
    const read = messages(render(teamcity, [await named(name, `${name}.json`)]));
    const [first] = read.filter((one) => one.name === 'inspection');
    expect(first.file).toBe(visible(`${name}.json`));
  });

  test('what cannot be read is a build problem', () => {
    expect(messages(render(teamcity, [], { failed: 'dir/broken.yaml' }))[0]).toMatchObject({
      name: 'buildProblem',
      description: expect.stringMatching(/^dir\/broken\.yaml:3:7: unknown key/),
    });
  });
});
