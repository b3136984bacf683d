import * as fc from 'fast-check';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import type { TestFinding } from '../model-health-test.ts';
import type { ModelHealthReport } from '../run/model-health-report.ts';
import { badgeSvg, shieldsEndpoint } from './badge.ts';
import { junitXml } from './junit.ts';

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseAttributeValue: false,
  parseTagValue: false,
  trimValues: false,
  htmlEntities: true,
  isArray: (name) => ['testsuite', 'testcase'].includes(name),
});

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom('<', '>', '&', '"', "'", ']', '\n', '\t', '\0', '\u001B', '\uD800', '\uFFFF', '😀', 'a'),
  }),
);

function reportOf(...findings: readonly TestFinding[]): ModelHealthReport {
  const results = [{ name: 'latency', type: 'latency', verdict: 'ok' as const, durationMs: 1_500, findings }];
  return { model: { name: 'late-arrival', version: '7' }, verdict: 'ok', results };
}

const fine: TestFinding = { name: 'p50', verdict: 'ok', says: '5 ms, budget 10 ms' };
const slow: TestFinding = { name: 'p99', verdict: 'failed', says: '12 ms (11 to 13), budget 10 ms' };
const unsure: TestFinding = { name: 'p95', verdict: 'uncertain', says: '9 ms (5 to ?), budget 10 ms' };

describe('JUnit XML', () => {
  it('has a suite for a model and a case for a finding', () => {
    const { testsuites } = parser.parse(junitXml([reportOf(fine, slow, unsure)]));
    expect(testsuites).toMatchObject({ tests: '3', failures: '1', skipped: '1', errors: '0', time: '1.500' });
    const [suite] = testsuites.testsuite;
    expect(suite).toMatchObject({ name: 'late-arrival 7', tests: '3' });
    expect(suite.testcase).toMatchObject([
      { classname: 'late-arrival.latency', name: 'p50', time: '1.500', 'system-out': fine.says },
      { name: 'p99', time: '0', failure: { message: slow.says, '#text': slow.says } },
      { name: 'p95', skipped: { message: `uncertain: ${unsure.says}` } },
    ]);
  });

  it('is well formed whatever names and findings hold, and gives them back', () => {
    fc.assert(
      fc.property(anyText, anyText, fc.constantFrom('ok', 'failed', 'uncertain'), (name, says, verdict) => {
        const xml = junitXml([reportOf({ name, says, verdict })]);
        expect(XMLValidator.validate(xml)).toBe(true);
        expect(xml.isWellFormed()).toBe(true);
        const [found] = parser.parse(xml).testsuites.testsuite[0].testcase;
        expect(found.name).toBe(inXml(name));
        const message = { ok: found['system-out'], failed: found.failure?.message, uncertain: found.skipped?.message };
        expect(message[verdict]).toBe(verdict === 'uncertain' ? `uncertain: ${inXml(says)}` : inXml(says));
      }),
    );
  });
});

/** What XML 1.0 can say of a text, by its definition of a character. */
function inXml(text: string): string {
  return Array.from(text)
    .map((character) => {
      const code = character.codePointAt(0) ?? 0;
      const isCharacter =
        code === 9 ||
        code === 10 ||
        code === 13 ||
        (code >= 32 && code <= 0xd7_ff) ||
        (code >= 0xe0_00 && code <= 0xff_fd) ||
        code >= 0x1_00_00;
      return isCharacter ? character : '\uFFFD';
    })
    .join('');
}

describe('the badge', () => {
  it.each([
    [[fine], '1 ok'],
    [[fine, unsure], '1 uncertain, 1 ok'],
    [[fine, unsure, slow], '1 failed, 1 uncertain, 1 ok'],
    [[], 'nothing tested'],
  ])('of %j says %s', (findings, message) => {
    const reports = [reportOf(...findings)];
    expect(JSON.parse(shieldsEndpoint(reports))).toMatchObject({ schemaVersion: 1, label: 'model health', message });
    const svg = badgeSvg(reports);
    expect(XMLValidator.validate(svg)).toBe(true);
    expect(parser.parse(svg).svg).toMatchObject({ title: `model health: ${message}`, role: 'img' });
  });
});
