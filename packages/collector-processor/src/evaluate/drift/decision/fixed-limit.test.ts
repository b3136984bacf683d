import type { CategoricalReference } from '@driftline/sketches';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatLimit, limitsOf, parseLimit } from './fixed-limit.ts';
import { judge } from './judge.ts';

const reference: CategoricalReference = {
  kind: 'categorical',
  categories: { a: 5000, b: 3000, c: 2000 },
  missing: 100,
};
const moved = { a: 300, b: 350, c: 350 };

function judged(current: Readonly<Record<string, number>>, limits: Parameters<typeof limitsOf>[0], missing = 10) {
  const categories = new Map(Object.entries(current));
  const [verdict] = judge({
    features: [
      { name: 'x', reference, current: { kind: 'categorical', categories, missing }, limits: limitsOf(limits) },
      { name: 'y', reference, current: { kind: 'categorical', categories, missing } },
    ],
    alpha: 1e-4,
  });
  if (verdict === undefined) throw new Error('one feature, one verdict');
  return verdict;
}

describe('a fixed limit', () => {
  it('decides at the limit and above, however many rows say so', () => {
    expect(judged(moved, { limits: { 'total-variation': { of: 'score', at: 0.2 } } })).toMatchObject({
      state: 'drift',
      part: 'distribution',
      size: expect.closeTo(0.2, 12),
      threshold: 0.2,
      judgedBy: { tests: ['total-variation'], limit: { method: 'total-variation', of: 'score', at: 0.2 } },
    });
    const quiet = judged(moved, { limits: { 'total-variation': { of: 'score', at: 0.21 } } });
    expect(quiet).toMatchObject({ state: 'ok', direction: 'unchanged', threshold: 0.21 });
  });

  it('says that it promises nothing about false alarms', () => {
    expect(judged(moved, { method: 'psi' }).judgedBy.explanation).toContain('promises nothing about false alarms');
  });

  it('of a p-value decides below it', () => {
    const limits = { 'chi-squared': { of: 'p', at: 0.01 } } as const;
    expect(judged(moved, { limits })).toMatchObject({ state: 'drift', judgedBy: { summary: 'chi-squared p < 0.01' } });
    expect(judged({ a: 495, b: 305, c: 200 }, { limits })).toMatchObject({ state: 'ok' });
  });

  it('is told of the method that is farthest beyond its own', () => {
    const limits = { psi: { of: 'score', at: 0.25 }, hellinger: { of: 'score', at: 0.1 } } as const;
    expect(judged(moved, { limits }).judgedBy.limit).toMatchObject({ method: 'hellinger' });
  });

  it('needs as many rows as the test', () => {
    expect(judged({ a: 10, b: 10, c: 70 }, { method: 'psi' }, 1).state).toBe('insufficient_data');
  });

  it('leaves missing values to their own test', () => {
    const verdict = judged({ a: 500, b: 300, c: 200 }, { method: 'psi' }, 300);
    expect(verdict).toMatchObject({ state: 'drift', part: 'missing', judgedBy: { tests: ['fisher-exact'] } });
  });

  it('leaves what its method does not read to the test', () => {
    const verdict = judged(moved, { limits: { wasserstein: { of: 'score', at: 0.1 } } });
    expect(verdict.judgedBy).toMatchObject({ tests: ['chi-squared', 'fisher-exact'] });
    expect(verdict.judgedBy.limit).toBeUndefined();
  });

  it('is no hypothesis, so others have more of the level', () => {
    const categories = new Map(Object.entries(moved));
    const features = ['x', 'y'].map((name) => ({
      name,
      reference,
      current: { kind: 'categorical', categories, missing: 10 } as const,
    }));
    const pOfSecond = (limits: ReturnType<typeof limitsOf>) =>
      judge({ features: features.map((one, i) => ({ ...one, limits: i === 0 ? limits : {} })), alpha: 1e-4 })[1]
        ?.pAdjusted ?? 0;
    // Of four p-values two are tiny without the limit and one is with it, among four and among three.
    expect(pOfSecond(limitsOf({ method: 'psi' })) / pOfSecond({})).toBeCloseTo(3 / 2, 6);
  });
});

describe('whose limit holds', () => {
  const psi = { of: 'score', at: 0.3 } as const;

  it.each([
    ['auto decides where nothing is said', {}, {}, {}],
    ['limits of the model hold for its features', { limits: { psi } }, {}, { psi }],
    ['a feature goes back to auto', { limits: { psi } }, { method: 'auto' }, {}],
    ['a feature has its own', { limits: { psi } }, { limits: { hellinger: psi } }, { hellinger: psi }],
    ['a method without a limit has its customary one', { method: 'psi' }, {}, { psi: { of: 'score', at: 0.25 } }],
    ['a feature with a method has the limit of the model', { limits: { psi } }, { method: 'psi' }, { psi }],
    ['a method that has none decides nothing', { method: 'kuiper' }, {}, {}],
  ] as const)('%s', (_, model, feature, limits) => {
    expect(limitsOf(model, feature)).toEqual(limits);
  });
});

describe('a limit as text', () => {
  it('is read as it is written', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-9, max: 0.999, noNaN: true }), fc.constantFrom('score', 'p'), (at, of) => {
        expect(parseLimit(String(formatLimit({ of, at })))).toEqual({ of, at });
      }),
    );
  });

  it('is never read as something that no score reaches', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const limit = parseLimit(text);
        expect(limit === undefined || (limit.at > 0 && Number.isFinite(limit.at))).toBe(true);
      }),
    );
  });

  it.each(['0', '-1', 'p < 1', 'p > 0.1', 'p', '', '1e999', '0x1'])('refuses %j', (text) => {
    expect(parseLimit(text)).toBeUndefined();
  });
});
