import { type BucketedValues, defineDriftMethod } from './drift-method.ts';
import { transport, transportBounds } from './statistics/transport.ts';

export const slicedWasserstein = defineDriftMethod({
  name: 'sliced-wasserstein',
  answers:
    'How far must the vectors be carried on average along a random direction, in standard deviations of the reference along it?',
  kinds: ['embedding'],
  reads: 'projections',
  source:
    'Bonneel, Rabin, Peyré and Pfister, "Sliced and Radon Wasserstein barycenters" (2015), order 1, over the mean standard deviation',
  customaryLimits: [],
  score: (projections) => inSpreads(projections, transport),
  bounds(projections) {
    const lower = inSpreads(projections, (values) => transportBounds(values).lower);
    const upper = inSpreads(projections, (values) => transportBounds(values).upper);
    return lower === undefined || upper === undefined ? undefined : { lower, upper };
  },
  knownAnswers: [
    {
      projections: [
        {
          edges: [0, 1, 2, 3],
          reference: [0, 10, 0, 0, 0],
          current: [0, 0, 0, 10, 0],
          sd: 0.5,
          tails: { lower: 0, upper: 3 },
        },
        {
          edges: [0, 1, 2, 3],
          reference: [0, 10, 0, 0, 0],
          current: [0, 10, 0, 0, 0],
          sd: 1.5,
          tails: { lower: 0, upper: 3 },
        },
      ],
      score: 1,
      source: 'by hand: 2 and 0 carried, of 0.5 and 1.5',
    },
  ],
});

/** One scale for all directions, so that one along which nothing varies does not rule. */
function inSpreads(
  projections: readonly BucketedValues[],
  distance: (values: BucketedValues) => number,
): number | undefined {
  const spread = projections.reduce((sum, { sd }) => sum + sd, 0);
  return spread > 0 ? projections.reduce((sum, values) => sum + distance(values), 0) / spread : undefined;
}
