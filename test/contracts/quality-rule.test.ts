import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ComparedFeature,
  compareCounts,
} from '../../packages/collector-processor/src/evaluate/drift/decision/feature-counts.ts';
import { qualityRules } from '../../packages/collector-processor/src/evaluate/data-quality/index.ts';
import type {
  FeatureEvidence,
  QualityRule,
  Reading,
  RowEvidence,
} from '../../packages/collector-processor/src/evaluate/data-quality/quality-rule.ts';
import { settingsJsonSchema } from '../../packages/collector-processor/src/settings/json-schema.ts';
import { seededProfile } from '../support/seeded-profile.ts';

const rules: readonly QualityRule[] = qualityRules;

const noRows: RowEvidence = { compared: undefined, validated: undefined, reference: undefined };

const validRows: FeatureEvidence = {
  role: 'feature',
  name: 'age',
  rows: 1000,
  modelRows: 1000,
  statuses: new Map([['valid', 1000]]),
  compared: undefined,
  distribution: undefined,
  categories: new Map(),
  distinct: undefined,
  schema: undefined,
};

const reference = seededProfile({ numericFeatures: 1 }).features['x0'];

describe.each(rules)('quality rule $name', (rule) => {
  it.each(readings(rule))('knows: $says', ({ reading, answer }) => {
    if (answer === undefined) {
      expect(reading).toBeUndefined();
      return;
    }
    expect(reading?.ratio).toBeCloseTo(answer.ratio, 9);
    if (answer.limit !== undefined) expect(reading?.comparison).toEqual({ kind: 'bound', limit: answer.limit });
    if (answer.test !== undefined) expect(reading?.comparison).toMatchObject({ kind: 'test', ...answer.test });
  });

  it('asks a question, says what it needs, and has a name that settings and results can carry', () => {
    expect(rule.asks).toMatch(/\?$/);
    expect(rule.needs).not.toBe('');
    expect(rule.judgedBy).not.toBe('');
    expect(rule.name).toMatch(/^[a-z]+(_[a-z]+)*$/);
    expect(rule.defaults.margin).toBeGreaterThanOrEqual(0);
  });

  it('reads shares only: from 0 to 1, of rows that there are, whatever comes', () => {
    fc.assert(
      fc.property(evidence(), rowEvidence(), (feature, rows) => {
        const reading = rule.about === 'feature' ? rule.read(feature) : rule.read(rows);
        if (reading === undefined) return;
        expect(reading.ratio).toBeGreaterThanOrEqual(0);
        expect(reading.ratio).toBeLessThanOrEqual(1);
        expect(reading.rows).toBeGreaterThanOrEqual(0);
        expectSound(reading);
      }),
    );
  });

  it('has a limit and a margin in the settings', () => {
    const schema = JSON.stringify(settingsJsonSchema());
    expect(schema.split(`"${rule.name}":`).length - 1).toBeGreaterThanOrEqual(2);
  });
});

describe('the registry of quality rules', () => {
  it('names each rule once', () => {
    expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length);
  });

  it('is the table of docs/data-quality.md', () => {
    const page = readFileSync(new URL('../../docs/data-quality.md', import.meta.url), 'utf8');
    const [, table = ''] = /<!-- table: quality rules -->\n\n([^]*?)\n\n<!-- end -->/.exec(page) ?? [];
    const cells = table.split('\n').map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
    expect(cells.toSpliced(1, 1)).toEqual([
      ['rule', 'asks', 'judged by', 'margin or limit', 'needs'],
      ...rules.map(({ name, asks, judgedBy, defaults: { limit, margin }, needs }) => [
        `\`${name}\``,
        asks,
        judgedBy,
        limit === undefined ? String(margin) : `limit ${limit}`,
        needs,
      ]),
    ]);
  });
});

/** A test needs hits among its rows; a limit is a share. */
function expectSound({ comparison }: Reading): void {
  if (comparison?.kind === 'bound') expect(comparison.limit).toBeLessThanOrEqual(1);
  if (comparison?.kind !== 'test') return;
  const { hits, rows } = comparison;
  expect(hits.current).toBeLessThanOrEqual(rows.current);
  expect(hits.reference).toBeLessThanOrEqual(Math.max(1, rows.reference));
}

function readings(rule: QualityRule) {
  return rule.about === 'feature'
    ? rule.knownAnswers.map(({ given, ...told }) => ({ ...told, reading: rule.read({ ...validRows, ...given }) }))
    : rule.knownAnswers.map(({ given, ...told }) => ({ ...told, reading: rule.read({ ...noRows, ...given }) }));
}

function evidence(): fc.Arbitrary<FeatureEvidence> {
  return fc
    .record({
      valid: fc.nat(500),
      missing: fc.nat(500),
      not_a_number: fc.nat(20),
      wrong_type: fc.nat(20),
      unseen: fc.nat(20),
      unexpected: fc.nat(20),
      more: fc.nat(1000),
      distinct: fc.option(fc.nat(2000), { nil: undefined }),
      schema: fc.option(fc.nat(900), { nil: undefined }),
      hasReference: fc.boolean(),
      bucket: fc.nat(100),
    })
    .map(({ more, distinct, schema, hasReference, bucket, ...counts }) => {
      const rows = Object.values(counts).reduce((sum, count) => sum + count, 0);
      return {
        ...validRows,
        rows,
        modelRows: rows + more,
        statuses: new Map(Object.entries(counts).filter(([, count]) => count > 0)),
        compared: hasReference ? comparedOf(counts.valid + counts.unseen, bucket, counts.missing) : undefined,
        distinct,
        schema: schema === undefined ? undefined : { rows: schema, violations: new Map([['too_small', schema]]) },
      };
    });
}

/** All usable rows in two buckets of the reference, and rows without a value. */
function comparedOf(usable: number, bucket: number, missing: number): ComparedFeature | undefined {
  if (reference?.kind !== 'numeric') throw new Error('x0 is numeric');
  const counts = new Float64Array(reference.counts.length);
  counts[bucket % counts.length] = Math.floor(usable / 2);
  counts[0] = (counts[0] ?? 0) + Math.ceil(usable / 2);
  return compareCounts({ ...reference, distinct: 700 }, { kind: 'numeric', counts, missing });
}

function rowEvidence(): fc.Arbitrary<RowEvidence> {
  const checked = fc.option(
    fc.tuple(fc.nat(1000), fc.nat(1000)).map(([passed, failed]) => ({ rows: passed + failed, failed })),
    { nil: undefined },
  );
  const reference = fc.option(
    fc.tuple(fc.nat(1000), fc.nat(1000)).map(([rows, repeated]) => ({ rows: rows + repeated, repeated })),
    { nil: undefined },
  );
  return fc.record({ compared: checked, validated: checked, reference });
}
