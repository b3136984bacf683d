import { CoMoments, type NumericReference, NumericReferenceCounter, referenceEdges } from '@driftline/sketches';
import { describe, expect, it } from 'vitest';
import { CoMomentReferenceCounter } from './co-moment-reference.ts';
import { mergeCoMoments } from './merge-co-moments.ts';
import { seededRandom } from './seeded-random.ts';

const random = seededRandom(5);
const rows = Array.from({ length: 400 }, () => {
  const x = random();
  return [10 * x, 3 * x + random(), random()] as const;
});
const names = ['x', 'y', 'z'];

function profileOf(part: readonly (readonly number[])[]) {
  const features = Object.fromEntries(
    names.map((name, i): [string, NumericReference] => {
      const values = Float64Array.from(part, (row) => row[i] ?? 0);
      const counter = new NumericReferenceCounter(referenceEdges(values));
      for (const value of values) counter.record(value);
      return [name, counter.reference(values.length)];
    }),
  );
  const standards = names.map((name) => ({ name, mean: features[name]?.mean ?? 0, sd: features[name]?.sd ?? 1 }));
  const counter = new CoMomentReferenceCounter(standards, seededRandom(1));
  for (const row of part) counter.record(row, -1);
  const coMoments = counter.reference();
  if (coMoments === undefined) throw new Error('no rows');
  return { features, coMoments, standards };
}

describe('co-moments of two parts', () => {
  it('are those of all rows, in the standard deviations of all', () => {
    // Within three standard deviations of part and whole, where nothing is limited.
    const whole = profileOf(rows);
    const merged = mergeCoMoments(whole.features, profileOf(rows.slice(0, 150)), profileOf(rows.slice(150)));
    const expected = new CoMoments(whole.standards);
    for (const row of rows) expected.record(row);
    expect(merged?.count).toBe(400);
    merged?.means.forEach((mean, i) => expect(mean).toBeCloseTo(expected.means[i] ?? Number.NaN, 9));
    merged?.sums.forEach((sum, i) => expect(sum).toBeCloseTo(expected.sums[i] ?? Number.NaN, 6));
  });

  it('are none where one part has none, or other features', () => {
    const one = profileOf(rows);
    expect(mergeCoMoments(one.features, one, { features: one.features })).toBeUndefined();
    const other = { ...one, coMoments: { ...one.coMoments, features: ['x', 'y', 'w'] } };
    expect(mergeCoMoments(one.features, one, other)).toBeUndefined();
  });
});
