import {
  type NumericReference,
  NumericReferenceCounter,
  referenceEdges,
  EdgeHistogram,
  BucketEdges,
} from '@driftline/sketches';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../reference/seeded-random.ts';
import { inflationOf, isCalibrated } from './inflation.ts';
import { meanScatter, numericScatter, seasonalInflation, type SlotCounts, tableScatter } from './seasonal-inflation.ts';

const [HOURS, DAYS, ROWS] = [24, 7, 400];

describe('the scatter of a slot from day to day', () => {
  const reference = referenceOf(normals(1, 20_000));

  it('is that of independent rows where days differ by chance alone', () => {
    const { phi, rows, degreesOfFreedom } = numericScatter(reference, cycle({ wobble: 0 }));
    expect(phi).toBeGreaterThan(0.8);
    expect(phi).toBeLessThan(1.35);
    expect([rows, degreesOfFreedom]).toEqual([ROWS, HOURS * (DAYS - 1)]);
  });

  it('does not mistake the cycle itself for a wobble', () => {
    const swinging = numericScatter(reference, cycle({ wobble: 0, amplitude: 0.7 }));
    expect(swinging.phi).toBeLessThan(1.35);
  });

  it('tells the wobble of the level: its variance times the rows of a day', () => {
    const wobble = 0.2;
    const { phi } = numericScatter(reference, cycle({ wobble }));
    // Normal scores: a level that moves by 0.2 sd moves the mean of the ranks by 0.2·√(3/π) of their own deviation.
    const expected = 1 + (3 / Math.PI) * wobble ** 2 * ROWS;
    // Three standard errors of a variance known from 144 degrees of freedom.
    expect(phi / expected).toBeGreaterThan(0.65);
    expect(phi / expected).toBeLessThan(1.35);
  });

  it('has unequal days stand for the mean of a one-way analysis of variance', () => {
    const days = [100, 200, 300].map((rows) => [rows / 2, rows / 2]);
    // (600 - (100² + 200² + 300²) / 600) / 2
    expect(tableScatter([days]).rows).toBeCloseTo(183.333, 3);
    expect(tableScatter([days, days])).toMatchObject({ degreesOfFreedom: 4, phi: 0 });
  });

  it('of a table is the chi-squared statistic by its degrees of freedom, added over the slots', () => {
    const even = [
      [50, 50],
      [50, 50],
    ];
    const apart = [
      [60, 40],
      [40, 60],
    ];
    expect(tableScatter([apart]).phi).toBeCloseTo(8);
    expect(tableScatter([apart, even]).phi).toBeCloseTo(4);
  });

  it('counts neither days without rows nor slots with a single day', () => {
    const days = [
      [60, 40],
      [0, 0],
      [40, 60],
    ];
    expect(tableScatter([days, [[10, 3]], []])).toMatchObject({ degreesOfFreedom: 1, rows: 100 });
  });

  it('is nothing where there is nothing to compare', () => {
    for (const slots of [
      [],
      [[]],
      [[[3, 4]]],
      [
        [
          [0, 0],
          [0, 0],
        ],
      ],
    ] satisfies SlotCounts[]) {
      const scatter = tableScatter(slots);
      expect(scatter).toEqual({ phi: 1, rows: 0, degreesOfFreedom: 0 });
      expect(seasonalInflation(scatter, { periods: 7, rows: { reference: 7000, current: 1000 } })).toBe(1);
    }
  });

  it('of an embedding is the mean over its projections', () => {
    const one = { phi: 2, rows: 100, degreesOfFreedom: 6 };
    expect(meanScatter([one, { ...one, phi: 4 }])).toEqual({ ...one, phi: 3 });
    expect(meanScatter([])).toEqual({ phi: 1, rows: 0, degreesOfFreedom: 0 });
  });
});

describe('the inflation of a window against the same slot of earlier days', () => {
  const scatter = { phi: 5, rows: 1000, degreesOfFreedom: 1e12 };

  it('is the one that was measured for a window of one day against another', () => {
    const rows = { reference: 1000, current: 1000 };
    expect(seasonalInflation(scatter, { periods: 1, rows })).toBeCloseTo(5);
  });

  it('grows with the rows of the window, and no number of days brings it below the wobble of today', () => {
    const of = (current: number, periods: number) =>
      seasonalInflation(scatter, { periods, rows: { reference: 1000 * periods, current } });
    expect(of(1000, 7)).toBeCloseTo(1 + ((4 / 1000) * (8 / 7)) / (1 / 1000 + 1 / 7000));
    expect(of(10_000, 7)).toBeGreaterThan(of(1000, 7));
    expect(of(1000, 1000)).toBeCloseTo(5, 1);
  });

  it('adds the wobble to what rows of one day have in common', () => {
    const rows = { reference: 7000, current: 1000 };
    expect(seasonalInflation(scatter, { periods: 7, rows, within: 2.9 })).toBeCloseTo(2.9 + (5 - 2.9));
    expect(seasonalInflation(scatter, { periods: 7, rows, within: 6 })).toBe(6);
  });

  it('allows for knowing the scatter from few days', () => {
    const few = { ...scatter, degreesOfFreedom: 100 };
    const rows = { reference: 7000, current: 1000 };
    expect(seasonalInflation(few, { periods: 7, rows })).toBeCloseTo(5.5);
  });

  it('replaces what chunks of the whole reference say, and needs four days', () => {
    const reference = { ...referenceOf(normals(1, 2000)), phi: 40 };
    const calibration = { c: 50, m: 1000, pooled: 1 };
    const seasonal = { distribution: scatter, missing: { ...scatter, phi: 1 }, periods: 7 };
    const rows = { reference: 7000, current: 1000 };
    expect(inflationOf('distribution', reference, rows, { calibration, seasonal })).toBeCloseTo(5);
    expect(inflationOf('missing', reference, rows, { calibration, seasonal })).toBeCloseTo(1);
    expect(isCalibrated(reference, { calibration, seasonal })).toBe(true);

    const tooFew = { ...seasonal, periods: 3 };
    expect(inflationOf('distribution', reference, rows, { calibration, seasonal: tooFew })).toBe(1);
    expect(isCalibrated(reference, { calibration, seasonal: tooFew })).toBe(false);
  });
});

function cycle({ wobble, amplitude = 0 }: { readonly wobble: number; readonly amplitude?: number }): SlotCounts {
  const random = normalSource(20_260_119);
  const reference = referenceOf(normals(1, 20_000));
  return Array.from({ length: HOURS }, (_, hour) =>
    Array.from({ length: DAYS }, () => {
      const level = amplitude * Math.sin((2 * Math.PI * hour) / HOURS) + wobble * random();
      const histogram = new EdgeHistogram(BucketEdges.of(reference.edges));
      for (let row = 0; row < ROWS; row++) histogram.record(level + random());
      return histogram.counts;
    }),
  );
}

function referenceOf(values: readonly number[]): NumericReference {
  const counter = new NumericReferenceCounter(referenceEdges(values));
  for (const value of values) counter.record(value);
  return counter.reference(values.length);
}

function normals(seed: number, count: number): number[] {
  return Array.from({ length: count }, normalSource(seed));
}

function normalSource(seed: number): () => number {
  const random = seededRandom(seed);
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
