import { defineDriftMethod } from './drift-method.ts';
import { transport, transportBounds } from './statistics/transport.ts';

export const wasserstein = defineDriftMethod({
  name: 'wasserstein',
  answers:
    'How far must the values be carried on average, in standard deviations of the reference? ' +
    'Clipped to its 0.1 %-99.9 % range, as a single wild value would rule it.',
  kinds: ['numeric', 'ordinal', 'embedding'],
  reads: 'values',
  source: 'the Kantorovich-Rubinstein distance of order 1, ∫ |F - G| dx, over the standard deviation',
  customaryLimits: [{ of: 'score', at: 0.1, where: 'Evidently' }],
  score: (values) => (values.sd > 0 ? transport(values) / values.sd : undefined),
  bounds(values) {
    const { lower, upper } = transportBounds(values);
    return values.sd > 0 ? { lower: lower / values.sd, upper: upper / values.sd } : undefined;
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
