import { totalOf } from './decision/bins.ts';
import { defineDriftMethod } from './drift-method.ts';

export const lInfinity = defineDriftMethod({
  name: 'l-infinity',
  answers: 'By how much did the share of any one bin move at most? 0 is identical, 1 is disjoint.',
  kinds: ['numeric', 'categorical', 'embedding'],
  reads: 'bins',
  source: 'the maximum norm of the difference of shares, as in TensorFlow Data Validation and NannyML',
  customaryLimits: [{ of: 'score', at: 0.1, where: 'NannyML' }],
  score(bins) {
    const rows = totalOf(bins);
    return bins.reduce(
      (most, { reference, current }) => Math.max(most, Math.abs(current / rows.current - reference / rows.reference)),
      0,
    );
  },
  knownAnswers: [
    { reference: { a: 50, b: 50, c: 0 }, current: { a: 60, b: 20, c: 20 }, score: 0.3, source: 'by hand: b' },
  ],
});
