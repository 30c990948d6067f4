/** The names of the report formats, for options and help; the reporters themselves are in index.ts. */

export const FORMATS = {
  text: 'what a person reads',
  json: 'everything, one object an input (irqsim schema report)',
  ndjson: 'the same, one line an input',
  sarif: 'SARIF 2.1.0, for code scanning',
  junit: 'JUnit XML: a suite a machine, a failed case a rule at or above --fail-on',
  github: 'annotations as workflow commands of GitHub Actions',
  gitlab: 'a Code Quality report of GitLab',
  azure: 'issues as logging commands of Azure Pipelines',
  teamcity: 'inspections as service messages of TeamCity',
  checkstyle: 'Checkstyle XML, for other CI systems and review bots',
  unix: 'one line a finding, for editors and problem matchers (irqsim schema problem-matcher)',
  markdown: 'a pull-request comment or job summary',
  html: 'a page to look at and pass on: drawings, findings, rules; it loads nothing',
  csv: 'one row a finding, for spreadsheets and databases',
} as const;

export type Format = keyof typeof FORMATS;
