import { BucketEdges, EdgeHistogram, ExponentialHistogram } from '@driftline/sketches';
import { describe, expect, it } from 'vitest';
import { judge } from '../evaluate/drift/decision/judge.ts';
import type { Distribution, Observations } from '../evaluate/observations.ts';
import { capturedReferences, captureReference } from './captured.ts';

describe('a reference captured from early traffic', () => {
  const seen = exponential(normals(10_000, 1));

  it('finds nothing in more of the same', () => {
    expect(verdict(seen, exponential(normals(2000, 2)))).toMatchObject({ state: 'ok' });
  });

  it('finds a shift of 0.5 sd, and says which way', () => {
    const shifted = verdict(seen, exponential(normals(2000, 3).map((x) => x + 0.5)));
    expect(shifted).toMatchObject({ state: 'drift', direction: expect.stringContaining('higher') });
    expect(shifted?.size).toBeGreaterThan(0.35);
    expect(shifted?.size).toBeLessThan(0.65);
  });

  it('compares at the coarser scale when later values are far larger', () => {
    expect(verdict(seen, exponential([...normals(2000, 4), 1e12]))).toMatchObject({ state: 'ok' });
  });

  it('counts values beyond everything that was captured as tails', () => {
    const outliers = exponential(normals(2000, 5).map((x, i) => (i % 50 === 0 ? 100 : x)));
    expect(verdict(seen, outliers)).toMatchObject({ state: 'drift', part: 'tails' });
  });

  it('has no reference on other edges than those that were captured', () => {
    const onEdges = (edges: number[]): Distribution => {
      const histogram = new EdgeHistogram(BucketEdges.of(edges));
      histogram.recordAll(normals(2000, 6));
      return { kind: 'histogram', edges: histogram.edges.values, counts: histogram.counts, sum: histogram.sum };
    };
    expect(verdict(onEdges([-1, 0, 1]), onEdges([-1, 0, 1]))).toMatchObject({ state: 'ok' });
    expect(verdict(onEdges([-1, 0, 1]), onEdges([-1, 0, 2]))).toMatchObject({ state: 'no_reference' });
    expect(verdict(onEdges([-1, 0, 1]), exponential(normals(2000, 6)))).toMatchObject({ state: 'no_reference' });
  });

  it('survives being stored as JSON', () => {
    const reference = captureReference([observed(seen)], 10_000, 0);
    expect(JSON.parse(JSON.stringify(reference))).toEqual(reference);
  });
});

function verdict(reference: Distribution, current: Distribution) {
  const references = capturedReferences(captureReference([observed(reference)], 10_000, 0));
  const compared = references.compare(observed(current));
  return judge({ features: [{ name: 'x', ...compared }], alpha: 1e-4 })[0];
}

function observed(distribution: Distribution): Observations {
  return {
    role: 'feature',
    name: 'x',
    referenceId: '',
    distributions: new Map([['none', distribution]]),
    categories: new Map(),
    statuses: new Map(),
  };
}

function exponential(values: readonly number[]): Distribution {
  const histogram = new ExponentialHistogram();
  histogram.recordAll(values);
  const { scale, zeroCount, positive, negative, sum } = histogram;
  return {
    kind: 'exponential',
    scale,
    zeroCount,
    positive: { offset: positive.offset, counts: positive.counts },
    negative: { offset: negative.offset, counts: negative.counts },
    sum,
  };
}

/** Box and Muller over mulberry32. */
function normals(count: number, seed: number): number[] {
  let state = seed * 0x9e3779b9;
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  return Array.from(
    { length: count },
    () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
  );
}
