import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { adjustForMany } from '../../../packages/collector-processor/src/evaluate/drift/decision/benjamini-hochberg.ts';
import { groupBuckets, pairCounts } from '../../../packages/collector-processor/src/evaluate/drift/decision/bins.ts';
import { categoricalTest } from '../../../packages/collector-processor/src/evaluate/drift/decision/categorical-test.ts';
import { chiSquaredSurvival } from '../../../packages/collector-processor/src/evaluate/drift/decision/chi-squared.ts';
import {
  fisherMore,
  fisherTwoSided,
} from '../../../packages/collector-processor/src/evaluate/drift/decision/fisher.ts';
import { atLeast } from '../../../packages/collector-processor/src/evaluate/drift/decision/hypergeometric.ts';
import { numericTest } from '../../../packages/collector-processor/src/evaluate/drift/decision/numeric-test.ts';
import {
  scoreDispersion,
  tableDispersion,
} from '../../../packages/collector-processor/src/evaluate/drift/decision/overdispersion.ts';

interface Answers {
  readonly versions: Readonly<Record<string, string>>;
  readonly chiSquared: readonly { x: number; degreesOfFreedom: number; answer: number }[];
  readonly hypergeometric: readonly { count: number; rows: number; marked: number; drawn: number; answer: number }[];
  readonly fisher: readonly {
    hits: readonly [number, number];
    rows: readonly [number, number];
    phi: number;
    more: number;
    twoSided: number;
  }[];
  readonly numeric: readonly {
    shape: string;
    reference: readonly number[];
    current: readonly number[];
    closing: Readonly<Record<'5' | '10' | '20', readonly number[]>>;
    phi: number;
    answer: {
      p: number;
      size: number;
      table: { p: number; x2: number; g: number; degreesOfFreedom: number };
      locationSpread: { p: number; location: number; spread: number };
    };
  }[];
  readonly categorical: readonly {
    reference: readonly number[];
    current: readonly number[];
    phi: number;
    answer: { p: number; size: number };
  }[];
  readonly adjusted: readonly { p: readonly number[]; answer: readonly number[] }[];
  readonly dispersion: readonly {
    chunks: readonly (readonly number[])[];
    answer: { location: number; spread: number; table: number };
  }[];
}

const answers: Answers = JSON.parse(readFileSync(new URL('./decision.json', import.meta.url), 'utf8'));

/** Statistics that are sums near zero carry the rounding of their terms, hence the absolute part. */
function expectClose(computed: number, answer: number, absolute = 0) {
  expect(Math.abs(computed - answer), `${computed} against ${answer}`).toBeLessThanOrEqual(
    1e-9 * Math.abs(answer) + absolute,
  );
}

describe(`against scipy ${answers.versions['scipy']} and mpmath ${answers.versions['mpmath']}`, () => {
  it('finds the tail of the chi-squared distribution, far out too', () => {
    expect(Math.min(...answers.chiSquared.map(({ answer }) => answer))).toBeLessThan(1e-100);
    for (const { x, degreesOfFreedom, answer } of answers.chiSquared) {
      expectClose(chiSquaredSurvival(x, degreesOfFreedom), answer);
    }
  });

  it('finds the tail of the hypergeometric distribution, for a billion rows too', () => {
    expect(Math.min(...answers.hypergeometric.map(({ answer }) => answer))).toBeLessThan(1e-12);
    for (const { count, answer, ...urn } of answers.hypergeometric) expectClose(atLeast(count, urn), answer);
  });

  it("gives Fisher's p-values, one-sided and doubled, with dependent rows counted for less", () => {
    for (const { hits, rows, phi, more, twoSided } of answers.fisher) {
      const [hitsPair, rowsPair] = [pair(hits), pair(rows)];
      expectClose(fisherMore(hitsPair, rowsPair, phi), more);
      expectClose(fisherTwoSided(hitsPair, rowsPair, phi), twoSided);
    }
  });

  it.each(answers.numeric)('decides on $shape, $reference.length buckets, phi $phi', (known) => {
    const buckets = pairCounts(known.reference, known.current);
    const bins = {
      5: groupBuckets(buckets, known.closing['5']),
      10: groupBuckets(buckets, known.closing['10']),
      20: groupBuckets(buckets, known.closing['20']),
    };
    const { p, size, table, locationSpread } = numericTest({ buckets, bins }, known.phi);
    expectClose(p, known.answer.p);
    expectClose(size, known.answer.size, 1e-8);
    expect(table.degreesOfFreedom).toBe(known.answer.table.degreesOfFreedom);
    expectClose(table.x2, known.answer.table.x2);
    expectClose(table.g, known.answer.table.g, 1e-9);
    expectClose(table.p, known.answer.table.p);
    expectClose(locationSpread.location, known.answer.locationSpread.location, 1e-9);
    expectClose(locationSpread.spread, known.answer.locationSpread.spread, 1e-9);
  });

  it.each(answers.categorical)(
    'decides on $reference.length categories, phi $phi',
    ({ reference, current, phi, answer }) => {
      const categories = new Map(pairCounts(reference, current).map((rows, i) => [`category ${i}`, rows]));
      const { p, size } = categoricalTest(categories, phi);
      expectClose(p, answer.p);
      expectClose(size, answer.size, 1e-8);
    },
  );

  it('adjusts p-values for being many, ties included', () => {
    for (const { p, answer } of answers.adjusted) {
      adjustForMany(p).forEach((adjusted, i) => expectClose(adjusted, answer[i] ?? Number.NaN));
    }
  });

  it('measures how much wider than independent rows the chunks scatter', () => {
    for (const { chunks, answer } of answers.dispersion) {
      const { location, spread } = scoreDispersion(chunks);
      expectClose(location, answer.location);
      expectClose(spread, answer.spread);
      expectClose(tableDispersion(chunks), answer.table);
    }
  });
});

function pair([reference, current]: readonly [number, number]) {
  return { reference, current };
}
