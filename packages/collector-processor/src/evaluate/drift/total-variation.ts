import { totalOf } from './decision/bins.ts';
import { defineDriftMethod } from './drift-method.ts';

export const totalVariation = defineDriftMethod({
  name: 'total-variation',
  answers: 'What share of the rows would have to change their bin? 0 is identical, 1 is disjoint.',
  kinds: ['numeric', 'categorical', 'embedding'],
  reads: 'bins',
  source: 'Gibbs and Su, "On choosing and bounding probability metrics" (2002)',
  customaryLimits: [{ of: 'score', at: 0.1, where: 'Evidently' }],
  score(bins) {
    const rows = totalOf(bins);
    return bins.reduce(
      (sum, { reference, current }) => sum + Math.abs(current / rows.current - reference / rows.reference) / 2,
      0,
    );
  },
  knownAnswers: [
    { reference: { a: 50, b: 50 }, current: { a: 80, b: 20 }, score: 0.3, source: 'by hand' },
    { reference: { a: 10, b: 0 }, current: { a: 0, b: 10 }, score: 1, source: 'by hand: disjoint' },
  ],
});
