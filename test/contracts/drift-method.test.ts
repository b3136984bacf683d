import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextDown } from '../../packages/sketches/src/next-double.ts';
import { type Bin, pairCounts } from '../../packages/collector-processor/src/evaluate/drift/decision/bins.ts';
import type {
  BucketedValues,
  DriftMethod,
  ScoreBounds,
} from '../../packages/collector-processor/src/evaluate/drift/drift-method.ts';
import { driftMethods } from '../../packages/collector-processor/src/evaluate/drift/index.ts';

const methods: readonly DriftMethod[] = driftMethods;

/** Six buckets with rows on both sides, whatever else is empty. */
const counts = fc.array(fc.nat(1000), { minLength: 6, maxLength: 6 }).filter((list) => list.some((count) => count > 0));

interface Said {
  readonly score: number | undefined;
  readonly p: number | undefined;
  readonly bounds: ScoreBounds | undefined;
}

/** What the method says of buckets, whatever it reads. */
function saidOf(method: DriftMethod, values: BucketedValues, phi = 1): Said {
  switch (method.reads) {
    case 'bins':
    case 'categories':
      return saidOfInput(method, values.buckets, phi);
    case 'values':
      return saidOfInput(method, values, phi);
    case 'projections':
      return saidOfInput(method, [values, values], phi);
  }
}

function saidOfInput<Input>(
  method: {
    score(input: Input): number | undefined;
    readonly pValue?: (input: Input, phi: number) => number | undefined;
    readonly bounds?: (input: Input) => ScoreBounds | undefined;
  },
  input: Input,
  phi: number,
): Said {
  return { score: method.score(input), p: method.pValue?.(input, phi), bounds: method.bounds?.(input) };
}

function said(method: DriftMethod, reference: readonly number[], current: readonly number[], phi = 1): Said {
  return saidOf(method, valuesOf(pairCounts(reference, current)), phi);
}

function valuesOf(buckets: readonly Bin[]): BucketedValues {
  return { edges: [-2, -1, 0, 1, 5], buckets, sd: 1.5, tails: { lower: 0, upper: 4 } };
}

/** The method's own known answers, as what it reads. */
function knownAnswers(method: DriftMethod): (Said & { readonly answer: DriftMethod['knownAnswers'][number] })[] {
  switch (method.reads) {
    case 'bins':
    case 'categories':
      return method.knownAnswers.map((answer) => {
        const names = Object.keys({ ...answer.reference, ...answer.current });
        const bins = names.map((name) => ({
          reference: answer.reference[name] ?? 0,
          current: answer.current[name] ?? 0,
        }));
        return { answer, ...saidOfInput(method, bins, 1) };
      });
    case 'values':
      return method.knownAnswers.map((answer) => ({
        answer,
        ...saidOfInput(method, { ...answer, buckets: pairCounts(answer.reference, answer.current) }, 1),
      }));
    case 'projections':
      return method.knownAnswers.map((answer) => {
        const projections = answer.projections.map((one) => ({
          ...one,
          buckets: pairCounts(one.reference, one.current),
        }));
        return { answer, ...saidOfInput(method, projections, 1) };
      });
  }
}

describe.each(methods)('drift method $name', (method) => {
  it('gives its known answers', () => {
    for (const { answer, score, p } of knownAnswers(method)) {
      expect(score, answer.source).toBeCloseTo(answer.score, 6);
      if (answer.p !== undefined) expect((p ?? Number.NaN) / answer.p, answer.source).toBeCloseTo(1, 6);
    }
  });

  it('has a known answer other than zero, a question, a source and kinds', () => {
    expect(method.knownAnswers.some(({ score }) => score > 0)).toBe(true);
    expect(method.answers).toContain('?');
    expect(method.source).not.toBe('');
    expect(method.kinds.length).toBeGreaterThan(0);
    expect(method.name).toMatch(/^[a-z]+(-[a-z]+)*$/);
  });

  it('has limits that it can decide by', () => {
    for (const { of, at } of method.customaryLimits) {
      expect(at).toBeGreaterThan(0);
      if (of === 'p') expect(method.pValue).toBeDefined();
    }
  });

  it('is zero for equal shares, however many rows, and chance explains them', () => {
    fc.assert(
      fc.property(counts, fc.integer({ min: 1, max: 50 }), (reference, times) => {
        const current = reference.map((count) => count * times);
        const { score, p = 1 } = said(method, reference, current);
        expect(score).toBeCloseTo(0, 6);
        expect(p).toBeCloseTo(1, 6);
      }),
    );
  });

  it('is finite and not negative, its p a probability, empty buckets and a single row included', () => {
    fc.assert(
      fc.property(counts, counts, fc.double({ min: 1, max: 50, noNaN: true }), (reference, current, phi) => {
        const { score, p = 1, bounds = { lower: 0, upper: 0 } } = said(method, reference, current, phi);
        // Undefined where every row lies in one bucket and nothing spreads: a named result, never NaN.
        expect(score ?? 0).toSatisfy((value: number) => Number.isFinite(value) && value >= 0);
        expect(p).toSatisfy((value: number) => value >= 0 && value <= 1);
        expect(bounds.upper - bounds.lower).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('grows as rows leave their bucket, and is surer', () => {
    const moved = [0, 10, 40, 100].map((rows) =>
      said(method, [0, 200, 200, 0, 0, 0], [0, 200 - rows, 200, 0, rows, 0]),
    );
    const scores = moved.map(({ score }) => score ?? Number.NaN);
    expect(scores).toEqual(scores.toSorted((a, b) => a - b));
    expect(new Set(scores).size).toBe(4);
    const p = moved.flatMap((one) => (one.p === undefined ? [] : [one.p]));
    expect(p).toEqual(p.toSorted((a, b) => b - a));
  });

  it.skipIf(method.pValue === undefined)('is less sure where rows depend on each other', () => {
    const [reference, current] = [
      [0, 200, 200, 0, 0, 0],
      [0, 150, 200, 0, 50, 0],
    ];
    const [independent = 1, dependent = 0] = [1, 4].map((phi) => said(method, reference ?? [], current ?? [], phi).p);
    expect(dependent).toBeGreaterThan(independent * 2);
    // Four rows that say the same are one.
    const quarter = said(
      method,
      (reference ?? []).map((count) => count / 4),
      (current ?? []).map((count) => count / 4),
    ).p;
    expect(Math.log(dependent) / Math.log(quarter ?? 0)).toBeCloseTo(1, 0);
  });

  it.skipIf(method.bounds === undefined)('knows between which bounds the rows themselves lie', () => {
    fc.assert(
      fc.property(rawRows, rawRows, (reference, current) => {
        const coarse = bucketed([-3, -1, 0, 2, 3], reference, current);
        // Every value in a bucket of its own: nothing is hidden.
        const fine = bucketed(atomEdges([...reference, ...current, ...coarse.edges]), reference, current);
        const { score = Number.NaN } = saidOf(method, fine);
        const { lower = Number.NaN, upper = Number.NaN } = saidOf(method, coarse).bounds ?? {};
        expect(score).toBeGreaterThanOrEqual(lower - 1e-9);
        expect(score).toBeLessThanOrEqual(upper + 1e-9);
      }),
    );
  });
});

const rawRows = fc.array(
  fc.integer({ min: -40, max: 40 }).map((tenths) => tenths / 10),
  { minLength: 1, maxLength: 40 },
);

const [lowest, highest] = [-3, 3];

function bucketed(edges: readonly number[], reference: readonly number[], current: readonly number[]) {
  const count = (rows: readonly number[]) => {
    const inBuckets = Array.from<number>({ length: edges.length + 1 }).fill(0);
    for (const row of rows) {
      const bucket = edges.filter((edge) => edge < row).length;
      inBuckets[bucket] = (inBuckets[bucket] ?? 0) + 1;
    }
    return inBuckets;
  };
  return {
    edges,
    buckets: pairCounts(count(reference), count(current)),
    sd: 1.5,
    tails: { lower: edges.indexOf(lowest), upper: edges.indexOf(highest) },
  } satisfies BucketedValues;
}

function atomEdges(values: readonly number[]): number[] {
  return [...new Set(values.flatMap((value) => [nextDown(value + 0), value + 0]))].toSorted((a, b) => a - b);
}

describe('the registry of drift methods', () => {
  it('names each method once', () => {
    expect(new Set(methods.map(({ name }) => name)).size).toBe(methods.length);
  });

  it('has nothing to say of a reference without spread where distance is counted in spreads', () => {
    const constant = { ...valuesOf(pairCounts([0, 9, 0, 0, 0, 0], [0, 0, 9, 0, 0, 0])), sd: 0 };
    for (const name of ['wasserstein', 'energy-distance', 'mean-shift']) {
      const method = methods.find((one) => one.name === name);
      expect(method && saidOf(method, constant).score, name).toBeUndefined();
    }
  });
});
