import { totalOf } from './decision/bins.ts';
import { defineDriftMethod } from './drift-method.ts';

export const jensenShannon = defineDriftMethod({
  name: 'jensen-shannon',
  answers:
    'How far apart are the distributions, as a distance with logarithms to base 2? 0 is identical, 1 is disjoint.',
  kinds: ['numeric', 'categorical', 'embedding'],
  reads: 'bins',
  source: 'Lin, "Divergence measures based on the Shannon entropy" (1991); Endres and Schindelin (2003) for its root',
  customaryLimits: [{ of: 'score', at: 0.1, where: 'NannyML; Evidently, with natural logarithms' }],
  score(bins) {
    const rows = totalOf(bins);
    const divergence = bins.reduce((sum, { reference, current }) => {
      const p = reference / rows.reference;
      const q = current / rows.current;
      return sum + informationAgainst((p + q) / 2, p) / 2 + informationAgainst((p + q) / 2, q) / 2;
    }, 0);
    return Math.sqrt(Math.max(0, divergence));
  },
  knownAnswers: [
    {
      reference: { a: 50, b: 50 },
      current: { a: 80, b: 20 },
      score: 0.27037752852596664,
      source: 'scipy 1.17.1 spatial.distance.jensenshannon([.5, .5], [.8, .2], base=2)',
    },
    { reference: { a: 10, b: 0 }, current: { a: 0, b: 10 }, score: 1, source: 'by hand: disjoint' },
  ],
});

function informationAgainst(mixture: number, share: number): number {
  return share === 0 ? 0 : share * Math.log2(share / mixture);
}
