import type { ModelHealthReport, ModelTestResult } from '../run/model-health-report.ts';
import type { TestFinding } from '../model-health-test.ts';
import { escaped } from './xml-text.ts';

/** JUnit XML as CI servers read it: a suite for each model, a case for each finding; `uncertain` shows as skipped. */
export function junitXml(reports: readonly ModelHealthReport[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element(
    'testsuites',
    { name: 'driftline health test', ...countsOf(reports.flatMap(({ results }) => results)) },
    reports.map(suite),
  )}\n`;
}

function suite({ model: { name, version }, results }: ModelHealthReport): string {
  return element(
    'testsuite',
    { name: version === '' ? name : `${name} ${version}`, ...countsOf(results) },
    results.flatMap((result) => result.findings.map((finding, index) => testCase(name, result, finding, index === 0))),
  );
}

/** The time of a test is that of all its findings; the first one carries it, so that the sum is right. */
function testCase(
  model: string,
  { name, durationMs }: ModelTestResult,
  finding: TestFinding,
  isFirst: boolean,
): string {
  const { verdict, says, name: about } = finding;
  const outcome = {
    ok: element('system-out', {}, [escaped(says)]),
    failed: element('failure', { message: says, type: 'failed' }, [escaped(says)]),
    uncertain: element('skipped', { message: `uncertain: ${says}` }, []),
  };
  return element(
    'testcase',
    { classname: `${model}.${name}`, name: about, time: isFirst ? seconds(durationMs) : '0' },
    [outcome[verdict]],
  );
}

function countsOf(results: readonly ModelTestResult[]) {
  const verdicts = results.flatMap(({ findings }) => findings.map(({ verdict }) => verdict));
  const count = (wanted: string) => String(verdicts.filter((verdict) => verdict === wanted).length);
  const durationMs = results.reduce((sum, result) => sum + result.durationMs, 0);
  return {
    tests: String(verdicts.length),
    failures: count('failed'),
    errors: '0',
    skipped: count('uncertain'),
    time: seconds(durationMs),
  };
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(3);
}

/** `children` are markup already. */
function element(name: string, attributes: Readonly<Record<string, string>>, children: readonly string[]): string {
  const head = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(value)}"`);
  return children.length === 0
    ? `<${name}${head.join('')}/>`
    : `<${name}${head.join('')}>${children.join('')}</${name}>`;
}
