import { describe, expect, it } from 'vitest';
import { compareCounts } from '../../drift/decision/feature-counts.ts';
import { judgeQuality, type QualityQuestion } from './judge-quality.ts';
import type { FeatureEvidence } from '../quality-rule.ts';

/** A categorical reference of 10,000 rows, 1 % of them missing; one category occurs once. */
const reference = { kind: 'categorical', categories: { CA: 6000, NY: 3899, TX: 1 }, missing: 100 } as const;

function featureOf(counts: Readonly<Record<string, number>>, more: Partial<FeatureEvidence> = {}): FeatureEvidence {
  const { missing = 0, _unseen: unseen = 0, ...valid } = counts;
  const categories = new Map(Object.entries({ ...valid, ...(unseen > 0 && { _unseen: unseen }) }));
  const known = Object.values(valid).reduce((sum, count) => sum + count, 0);
  const rows = known + unseen + missing;
  return {
    role: 'feature',
    name: 'state',
    rows,
    modelRows: rows,
    statuses: new Map(Object.entries({ valid: known, unseen, missing }).filter(([, count]) => count > 0)),
    compared: compareCounts(reference, { kind: 'categorical', categories, missing }),
    distribution: undefined,
    categories,
    distinct: undefined,
    schema: undefined,
    ...more,
  };
}

function judged(features: readonly FeatureEvidence[], more: Partial<QualityQuestion> = {}) {
  return judgeQuality({
    features,
    rows: { compared: undefined, validated: undefined, reference: undefined },
    modelRows: Math.max(0, ...features.map(({ rows }) => rows)),
    rules: ['missing', 'unseen', 'constant', 'cardinality', 'duplicate_rows'],
    limits: {},
    margins: {},
    constraints: [],
    alpha: 1e-5,
    minRows: 100,
    ...more,
  });
}

const states = (findings: ReturnType<typeof judged>) => findings.map(({ rule, state }) => `${rule} ${state}`);

describe('a rule that the reference judges', () => {
  it('is not violated by a share that the reference has too', () => {
    expect(states(judged([featureOf({ CA: 594, NY: 396, missing: 10 })]))).toEqual(['missing ok']);
  });

  it('is violated by a share that chance does not bring', () => {
    const [finding] = judged([featureOf({ CA: 570, NY: 380, missing: 50 })]);
    expect(finding).toMatchObject({
      rule: 'missing',
      state: 'violated',
      ratio: 0.05,
      limit: 0.02,
      judgedBy: 'reference',
    });
    expect(finding?.pAdjusted).toBeLessThan(1e-5);
  });

  it('is not violated within the margin, however sure: in a million rows 0.8 points are certain, and little', () => {
    const findings = judged([featureOf({ CA: 588_000, NY: 394_000, missing: 18_000 })]);
    expect(findings).toMatchObject([{ rule: 'missing', state: 'ok', ratio: 0.018 }]);
    expect(findings[0]?.pAdjusted).toBeLessThan(1e-5);
  });

  it('is not violated by few rows, however large the share: 4 of 100', () => {
    expect(states(judged([featureOf({ CA: 57, NY: 39, missing: 4 })]))).toEqual(['missing ok']);
  });

  it('counts rows that depend on each other for fewer', () => {
    const feature = featureOf({ CA: 570, NY: 380, missing: 50 });
    expect(states(judged([feature], { designEffect: 6 }))).toEqual(['missing ok']);
    expect(judged([feature], { designEffect: 20 })).toMatchObject([
      { state: 'unjudged', why: expect.stringContaining('too few') },
    ]);
  });

  it('expects as many unseen categories as the reference has single ones', () => {
    expect(states(judged([featureOf({ CA: 6000, NY: 3999, _unseen: 1 })]))).toEqual(['unseen ok']);
    expect(states(judged([featureOf({ CA: 594, NY: 366, _unseen: 40 })]))).toEqual(['unseen violated']);
  });

  it('finds a column that stopped varying, and names its value', () => {
    const [finding] = judged([featureOf({ CA: 300 })]);
    expect(finding).toMatchObject({ rule: 'constant', state: 'violated', detail: 'all rows are the category "CA"' });
  });

  it('does not take unseen categories for one: several may hide there', () => {
    expect(states(judged([featureOf({ _unseen: 300 })]))).toEqual(['unseen violated']);
  });

  it('shares its level with all others: what one feature alone shows, one of 200 does not', () => {
    const odd = featureOf({ CA: 585, NY: 383, missing: 32 });
    const others = Array.from({ length: 199 }, (_, i) =>
      featureOf({ CA: 594, NY: 396, missing: 10 }, { name: `f${i}` }),
    );
    expect(states(judged([odd]))).toEqual(['missing violated']);
    expect(new Set(states(judged([odd, ...others])))).toEqual(new Set(['missing ok']));
  });

  it('has nothing to say without a reference, but by a limit', () => {
    const feature = featureOf({ CA: 500, missing: 500 }, { compared: undefined });
    expect(judged([feature])).toMatchObject([
      { rule: 'missing', state: 'unjudged', why: expect.stringContaining('quality.limits.missing') },
    ]);
    expect(judged([feature], { limits: { missing: 0.6 } })).toMatchObject([
      { state: 'ok', limit: 0.6, judgedBy: 'limit' },
    ]);
  });
});

describe('cardinality', () => {
  const counted = (distinct: number) =>
    featureOf(
      { CA: 600, NY: 400 },
      {
        distinct,
        compared: compareCounts(
          { ...reference, distinct: 500 },
          { kind: 'categorical', categories: new Map(), missing: 0 },
        ),
      },
    );

  it('may lie between a proportional share and all of the reference’s values', () => {
    expect(judged([counted(51)])).toEqual([]);
    expect(judged([counted(500)])).toEqual([]);
    expect(states(judged([counted(700)]))).toEqual(['cardinality ok']);
  });

  it('is violated by more than twice as many, and by fewer than half', () => {
    expect(judged([counted(1000 * 1.01)])).toMatchObject([
      { state: 'violated', detail: expect.stringContaining('at most 500') },
    ]);
    expect(judged([counted(24)])).toMatchObject([
      { state: 'violated', detail: expect.stringContaining('at least 51') },
    ]);
  });
});

describe('few rows', () => {
  it('are not judged, but by rows_at_least', () => {
    const findings = judged([featureOf({ missing: 20 })], {
      constraints: [{ rowsAtLeast: 50 }, { feature: 'state', missingAtMost: 0 }],
    });
    expect(states(findings)).toEqual(['missing unjudged', 'rows_at_least violated', 'missing_at_most unjudged']);
    expect(findings[1]).toMatchObject({ ratio: 0.6, detail: '20 rows, at least 50 were declared' });
  });
});
