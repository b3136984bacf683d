import { totalOf } from './decision/bins.ts';
import { defineDriftMethod } from './drift-method.ts';

export const wasserstein = defineDriftMethod({
  name: 'wasserstein',
  answers:
    'How far must the values be carried on average, in standard deviations of the reference? ' +
    'Clipped to its 0.1 %-99.9 % range, as a single wild value would rule it.',
  reads: 'values',
  score({ edges, buckets, sd, tails }) {
    if (sd === 0) return undefined;
    const rows = totalOf(buckets);
    let gap = 0;
    let area = 0;
    buckets.forEach(({ reference, current }, i) => {
      const before = gap;
      gap += current / rows.current - reference / rows.reference;
      const [start, end] = [edges[i - 1], edges[i]];
      if (start === undefined || end === undefined || i <= tails.lower || i > tails.upper) return;
      area += (end - start) * meanDistanceFromZero(before, gap);
    });
    return area / sd;
  },
  knownAnswers: [
    {
      edges: [0, 1, 2, 3],
      reference: [0, 10, 0, 0, 0],
      current: [0, 0, 0, 10, 0],
      sd: 0.5,
      tails: { lower: 0, upper: 3 },
      score: 4,
      source: 'by hand: a block moved by 2',
    },
    {
      edges: [0, 1, 2, 3],
      reference: [0, 10, 0, 10, 0],
      current: [0, 5, 10, 5, 0],
      sd: 1,
      tails: { lower: 0, upper: 3 },
      score: 0.375,
      source: 'by hand: 1/8 in each outer bucket, twice 1/16 in the middle',
    },
    {
      edges: [0, 1, 2, 3],
      reference: [0, 5, 5, 0, 0],
      current: [0, 5, 0, 0, 5],
      sd: 1,
      tails: { lower: 0, upper: 2 },
      score: 0.25,
      source: 'by hand: the half beyond the upper tail is carried to it and no further',
    },
  ],
});

/** The mean of |x| while x runs evenly from `start` to `end`. */
function meanDistanceFromZero(start: number, end: number): number {
  if (start * end >= 0) return Math.abs(start + end) / 2;
  return (start * start + end * end) / (2 * (Math.abs(start) + Math.abs(end)));
}
