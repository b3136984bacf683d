import { type BucketedValues, defineDriftMethod } from './drift-method.ts';
import { overWidths } from './statistics/transport.ts';

export const energyDistance = defineDriftMethod({
  name: 'energy-distance',
  answers:
    'How much farther from each other are rows of different samples than rows of the same one, as the root of it in standard deviations of the reference? ' +
    'Clipped to its 0.1 %-99.9 % range.',
  kinds: ['numeric', 'ordinal', 'embedding'],
  reads: 'values',
  source: 'Székely and Rizzo, "Energy statistics" (2013): √(2 ∫ (F - G)² dx), here over √sd',
  customaryLimits: [{ of: 'score', at: 0.1, where: 'Evidently, not divided by √sd' }],
  score: (values) =>
    inSpreads(
      overWidths(values, ({ before, after }) => (before ** 2 + before * after + after ** 2) / 3),
      values,
    ),
  bounds(values) {
    const lower = inSpreads(
      overWidths(values, ({ least }) => least ** 2),
      values,
    );
    const upper = inSpreads(
      overWidths(values, ({ most }) => most ** 2),
      values,
    );
    return lower === undefined || upper === undefined ? undefined : { lower, upper };
  },
  knownAnswers: [
    {
      edges: [0, 1, 2, 3],
      reference: [0, 10, 0, 0, 0],
      current: [0, 0, 0, 10, 0],
      sd: 0.5,
      tails: { lower: 0, upper: 3 },
      score: Math.sqrt(20 / 3),
      source: 'by hand: the gap opens over one unit, stays for one and closes over one: √(2 · (1/3 + 1 + 1/3) / 0.5)',
    },
  ],
});

function inSpreads(area: number, { sd }: BucketedValues): number | undefined {
  return sd > 0 ? Math.sqrt((2 * area) / sd) : undefined;
}
