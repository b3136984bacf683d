import { totalOf } from './decision/bins.ts';
import { defineDriftMethod } from './drift-method.ts';

export const hellinger = defineDriftMethod({
  name: 'hellinger',
  answers: 'How little do the two distributions overlap? 0 is identical, 1 is disjoint.',
  kinds: ['numeric', 'categorical', 'embedding'],
  reads: 'bins',
  source: 'Hellinger (1909), √(1 - Σ √(pq))',
  customaryLimits: [{ of: 'score', at: 0.1, where: 'Evidently, NannyML' }],
  score(bins) {
    const rows = totalOf(bins);
    const overlap = bins.reduce(
      (sum, { reference, current }) => sum + Math.sqrt((reference / rows.reference) * (current / rows.current)),
      0,
    );
    return Math.sqrt(Math.max(0, 1 - overlap));
  },
  knownAnswers: [
    {
      reference: { a: 50, b: 50 },
      current: { a: 80, b: 20 },
      score: 0.226532,
      source: 'by hand: sqrt(1 - sqrt(0.4) - sqrt(0.1))',
    },
    { reference: { a: 10, b: 0 }, current: { a: 0, b: 10 }, score: 1, source: 'by hand: disjoint' },
  ],
});
