import {
  BucketEdges,
  CoMoments,
  EdgeHistogram,
  EmbeddingProjections,
  ExponentialHistogram,
  parseReferenceProfile,
  quantileBins,
} from '@driftline/sketches';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { exponentialBucket } from '../../../packages/sketches/src/exponential-mapping.ts';
import { gaussianDirections } from '../../../packages/sketches/src/gaussian-directions.ts';

interface Buckets {
  readonly offset: number;
  readonly counts: readonly number[];
}

interface Answers {
  readonly mostBuckets: number;
  readonly distributions: Readonly<
    Record<
      string,
      {
        readonly values: readonly number[];
        readonly edges: readonly number[];
        readonly counts: readonly number[];
        readonly sum: number;
        readonly quantiles: Readonly<Record<string, number>>;
        readonly cumulativeShares: readonly (readonly [x: number, share: number])[];
        readonly exponential: { scale: number; zeroCount: number; positive: Buckets; negative: Buckets };
        readonly bins: Readonly<Record<string, readonly number[]>>;
      }
    >
  >;
  readonly mapping: readonly (readonly [x: number, scale: number, bucket: number])[];
  readonly coMoments: {
    readonly of: readonly string[];
    readonly mean: number;
    readonly sd: number;
    readonly means: readonly number[];
    readonly sums: readonly number[];
  };
  readonly directions: { readonly seed: string; readonly dimensions: number; readonly components: readonly number[] };
  readonly profile: unknown;
}

/** From sketches.py beside this file: numpy, and Python's decimal with 60 digits. */
const answers: Answers = JSON.parse(readFileSync(new URL('sketches.json', import.meta.url), 'utf8'));

const expectClose = (actual: ArrayLike<number>, expected: ArrayLike<number>, relative = 1e-12) => {
  expect(actual.length).toBe(expected.length);
  Array.from(expected).forEach((value, i) => {
    expect(Math.abs((actual[i] ?? NaN) - value)).toBeLessThanOrEqual(relative * Math.max(1, Math.abs(value)));
  });
};

describe.each(Object.entries(answers.distributions))('on a sample that is %s', (_, answer) => {
  const edges = BucketEdges.of(answer.edges);
  const histogram = new EdgeHistogram(edges);
  histogram.recordAll(answer.values);
  const exponential = new ExponentialHistogram({ maxBuckets: answers.mostBuckets });
  exponential.recordAll(answer.values);

  it('counts the rows between edges as numpy does', () => {
    expect([...histogram.counts]).toEqual(answer.counts);
    expectClose([histogram.sum, exponential.sum], [answer.sum, answer.sum]);
    expect([histogram.min, histogram.max]).toEqual([answer.quantiles['0'], answer.quantiles['1']]);
  });

  it('finds the shares that numpy finds, exactly at edges and at the maximum', () => {
    for (const [x, share] of answer.cumulativeShares) expect(histogram.cumulativeShare(x)).toBeCloseTo(share, 12);
  });

  it("finds quantiles in the bucket of numpy's", () => {
    for (const [q, value] of Object.entries(answer.quantiles)) {
      const bucket = edges.bucketOf(value);
      const found = histogram.quantile(Number(q));
      expect(found).toBeGreaterThanOrEqual(Math.max(answer.edges[bucket - 1] ?? -Infinity, histogram.min));
      expect(found).toBeLessThanOrEqual(Math.min(answer.edges[bucket] ?? Infinity, histogram.max));
    }
  });

  it('counts in the exponential buckets that 60 digits give, at the finest scale that fits', () => {
    const { scale, zeroCount, positive, negative } = exponential;
    expect({
      scale,
      zeroCount,
      positive: { offset: positive.offset, counts: [...positive.counts] },
      negative: { offset: negative.offset, counts: [...negative.counts] },
    }).toEqual(answer.exponential);
  });

  it("finds exponential quantiles within a bucket's width of numpy's", () => {
    const width = 2 ** (2 ** -exponential.scale);
    for (const [q, value] of Object.entries(answer.quantiles)) {
      const found = exponential.quantile(Number(q)) ?? NaN;
      if (value === 0) expect(found).toBe(0);
      else expect(Math.abs(Math.log(found / value))).toBeLessThanOrEqual(Math.log(width) * (1 + 1e-9));
    }
  });

  it('closes the bins of the drift decision', () => {
    const everyEdge = answer.edges.map((_, i) => i);
    for (const [bins, closing] of Object.entries(answer.bins)) {
      expect(quantileBins(histogram.counts, everyEdge, Number(bins))).toEqual(closing);
    }
  });
});

describe('single answers', () => {
  it.each(answers.mapping)('puts %d at scale %i into bucket %i', (x, scale, bucket) => {
    expect(exponentialBucket(x, scale)).toBe(bucket);
  });

  it('sums co-moments as numpy does', () => {
    const { of, mean, sd, means, sums } = answers.coMoments;
    const columns = of.map((name) => answers.distributions[name]?.values ?? []);
    const moments = new CoMoments(of.map((name) => ({ name, mean, sd })));
    columns[0]?.forEach((_, row) => moments.record(columns.map((column) => column[row] ?? NaN)));
    expectClose(moments.means, means);
    expectClose(moments.sums, sums, 1e-10);
  });

  it('draws the directions that another language draws', () => {
    const { seed, dimensions, components } = answers.directions;
    expectClose(gaussianDirections(seed, 2, dimensions), components);
    const projections = new EmbeddingProjections({ seed, dimensions, projections: 2 });
    expectClose(projections.project([0, 0, 1, 0, 0, 0, 0]), [components[2] ?? NaN, components[9] ?? NaN, 1]);
  });

  it('has the profile id that another implementation of RFC 8785 has', () => {
    expect(parseReferenceProfile(answers.profile)).toBe(answers.profile);
  });
});
