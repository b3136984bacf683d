import { totalOf } from './decision/bins.ts';
import { defineDriftMethod } from './drift-method.ts';

export const kullbackLeibler = defineDriftMethod({
  name: 'kullback-leibler',
  answers:
    'How surprised is who knows the reference by a row of the window, in nats more than by its own? 0 is identical; no upper bound.',
  kinds: ['numeric', 'categorical', 'embedding'],
  reads: 'bins',
  source: 'Kullback and Leibler, "On information and sufficiency" (1951), of the window against the reference',
  customaryLimits: [{ of: 'score', at: 0.1, where: 'Evidently, of the reference against the window' }],
  score(bins) {
    // As in PSI: half a row on both sides of a bin that is empty on one, here with the shares summing to 1 again.
    const filled = bins
      .filter(({ reference, current }) => reference + current > 0)
      .map(({ reference, current }) => {
        const extra = reference === 0 || current === 0 ? 0.5 : 0;
        return { reference: reference + extra, current: current + extra };
      });
    const rows = totalOf(filled);
    const divergence = filled.reduce((sum, { reference, current }) => {
      const q = current / rows.current;
      return sum + q * Math.log(q / (reference / rows.reference));
    }, 0);
    return Math.max(0, divergence);
  },
  knownAnswers: [
    {
      reference: { a: 50, b: 50 },
      current: { a: 80, b: 20 },
      score: 0.19274475702175753,
      source: 'scipy 1.17.1 stats.entropy([.8, .2], [.5, .5])',
    },
    {
      reference: { a: 100, b: 0 },
      current: { a: 90, b: 10 },
      score: 0.22373173320290124,
      source: 'scipy 1.17.1 stats.entropy([90, 10.5], [100, 0.5])',
    },
  ],
});
