import {
  fisherMore,
  fisherTwoSided,
} from '../../../packages/collector-processor/src/evaluate/drift/decision/fisher.ts';
import { atLeast, atMost } from '../../../packages/collector-processor/src/evaluate/drift/decision/hypergeometric.ts';
import gammaln from '@stdlib/math-base-special-gammaln';
import { rounded, type Row, type Table } from '../table.ts';

const levels = { '0.05': 0.05, '0.001': 0.001, '1e-6': 1e-6 } as const;

interface Rows {
  readonly reference: number;
  readonly current: number;
}

const cells: readonly Rows[] = [
  { reference: 1000, current: 100 },
  { reference: 10_000, current: 300 },
  { reference: 10_000, current: 1000 },
  { reference: 10_000, current: 10_000 },
];

/** The tests that are exact need no draws: every table that can come is counted with its probability. */
export const exactTests: Table = {
  name: 'exact-tests',
  title: 'False alarms of the exact tests over the nominal level, counted in full',
  seed: 20_261_149,
  run: () =>
    cells.flatMap((rows) => [
      ...[0.001, 0.01, 0.1].map((share) => sharesRow(rows, share)),
      beyondRow('out of the range', rows, 1),
      beyondRow('beyond the 99.9 % edge', rows, rows.reference / 1000),
    ]),
};

/** A share of rows, such as missing values or a category, that is the same on both sides. */
export function sharesRow(rows: Rows, share: number): Row {
  const all = rows.reference + rows.current;
  const realised = Object.values(levels).map(() => ({ more: 0, either: 0 }));
  for (let marked = 1; marked <= all; marked++) {
    const weight = binomial(marked, all, share);
    if (weight < 1e-12) {
      if (marked > all * share) break;
      continue;
    }
    const urn = { rows: all, marked, drawn: rows.current };
    for (const [i, level] of Object.values(levels).entries()) {
      const tally = realised[i];
      if (tally === undefined) continue;
      const tested = (current: number) => [{ reference: marked - current, current }, rows] as const;
      tally.more +=
        weight *
        atLeast(
          firstBelow(level, marked, rows, (k) => fisherMore(...tested(k))),
          urn,
        );
      const upper = firstBelow(level, marked, rows, (k) => fisherTwoSided(...tested(k)));
      const lower = lastBelow(level, marked, rows, (k) => fisherTwoSided(...tested(k)));
      tally.either += weight * (atLeast(upper, urn) + (lower < 0 ? 0 : atMost(lower, urn)));
    }
  }
  return rowOf(`${share * 100} % of the rows`, rows, realised);
}

/** Rows beyond the order statistic of the reference that has `outside` of its rows beyond it. */
function beyondRow(test: string, rows: Rows, outside: number): Row {
  const realised = Object.values(levels).map((level) => {
    const p = (current: number) => fisherMore({ reference: outside, current }, rows);
    let more = 1;
    for (let current = 0; current <= rows.current && p(current) >= level; current++) {
      more -= betaBinomial(current, rows.current, outside + 1, rows.reference - outside);
    }
    return { more: Math.max(0, more), either: Number.NaN };
  });
  return rowOf(test, rows, realised);
}

function rowOf(test: string, rows: Rows, realised: readonly { readonly more: number; readonly either: number }[]): Row {
  const cells = Object.entries(levels).flatMap(([name, level], i) => {
    const { more, either } = realised[i] ?? { more: NaN, either: NaN };
    return [
      [`more / ${name}`, rounded(more / level)],
      [`either / ${name}`, Number.isNaN(either) ? '' : rounded(either / level)],
    ] as const;
  });
  return { N: rows.reference, M: rows.current, test, ...Object.fromEntries(cells) };
}

/** The fewest hits in the window that are below the level, above their expectation. */
function firstBelow(level: number, marked: number, rows: Rows, p: (current: number) => number): number {
  let [low, high] = [expected(marked, rows), Math.min(marked, rows.current) + 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (p(middle) < level) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The most hits that are below the level, below their expectation; -1 where none are. */
function lastBelow(level: number, marked: number, rows: Rows, p: (current: number) => number): number {
  let [low, high] = [Math.max(0, marked - rows.reference) - 1, expected(marked, rows) - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (p(middle) < level) low = middle;
    else high = middle - 1;
  }
  return low;
}

function expected(marked: number, { reference, current }: Rows): number {
  return Math.ceil((marked * current) / (reference + current));
}

function binomial(count: number, trials: number, share: number): number {
  const choices = gammaln(trials + 1) - gammaln(count + 1) - gammaln(trials - count + 1);
  return Math.exp(choices + count * Math.log(share) + (trials - count) * Math.log1p(-share));
}

/** Hits among trials whose share is beta: as of new rows beyond an order statistic, whatever the distribution. */
function betaBinomial(count: number, trials: number, a: number, b: number): number {
  const choices = gammaln(trials + 1) - gammaln(count + 1) - gammaln(trials - count + 1);
  const hits = gammaln(count + a) + gammaln(trials - count + b) - gammaln(trials + a + b);
  return Math.exp(choices + hits - (gammaln(a) + gammaln(b) - gammaln(a + b)));
}
