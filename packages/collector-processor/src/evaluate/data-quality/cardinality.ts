import type { ComparedFeature } from '../drift/decision/feature-counts.ts';
import { onEdges } from './known-evidence.ts';
import { defineQualityRule, referenceRows, usableRows } from './quality-rule.ts';

/** Twice as many values that differ, or half as many. Estimates err by an eighth, so chance does not get here. */
const TWICE = 0.5;

export const cardinality = defineQualityRule({
  about: 'feature',
  name: 'cardinality',
  asks: 'Are there many more, or many fewer, values that differ than in as many rows of the reference?',
  needs: '`quality: { distinct }` in the sender, and a profile built by this version',
  judgedBy: 'its limit: 0.5 is twice as many, or half as many',
  defaults: { limit: TWICE, margin: 0 },
  read(evidence) {
    const { compared, distinct } = evidence;
    const known = compared?.reference.distinct;
    const rows = usableRows(evidence);
    if (compared === undefined || known === undefined || distinct === undefined || rows === 0 || known === 0)
      return undefined;
    const expected = expectedDistinct(known, referenceRows(compared), rows);
    if (distinct > expected.most) {
      return {
        ratio: 1 - expected.most / distinct,
        rows,
        detail: `about ${rounded(distinct)} different values, at most ${rounded(expected.most)} were expected`,
      };
    }
    if (distinct < expected.least) {
      return {
        ratio: 1 - distinct / expected.least,
        rows,
        detail: `about ${rounded(distinct)} different values, at least ${rounded(expected.least)} were expected`,
      };
    }
    return { ratio: 0, rows };
  },
  knownAnswers: [
    {
      // Half as many rows have at least half of the values, and at most all of them: 1 - 200 / 250.
      says: '250 values in 1,000 rows, where the reference has 200 in 2,000',
      given: { compared: ofAges(2000, { distinct: 200 }), distinct: 250 },
      answer: { ratio: 0.2 },
    },
    {
      says: '40 values, where at least 100 were expected',
      given: { compared: ofAges(2000, { distinct: 200 }), distinct: 40 },
      answer: { ratio: 0.6 },
    },
    {
      says: 'as many as half of the rows may have',
      given: { compared: ofAges(2000, { distinct: 200 }), distinct: 150 },
      answer: { ratio: 0 },
    },
    { says: 'nobody counted', given: {}, answer: undefined },
  ],
});

/** All rows of the reference above 0 and up to 1, and so are 1,000 rows now. */
function ofAges(rows: number, { distinct }: { readonly distinct: number }): ComparedFeature {
  return onEdges({ edges: [0, 1], reference: [0, rows, 0], current: [0, 1000, 0], distinct });
}

/**
 * How many values differ in `rows` rows, if `known` do in `referenceRows`. The curve of rarefaction rises ever more
 * slowly, so fewer rows have at least their share of the values and at most all of them, and more rows the reverse.
 */
function expectedDistinct(known: number, referenceRows: number, rows: number) {
  const proportional = known * (rows / referenceRows);
  return { least: Math.min(known, proportional), most: Math.min(rows, Math.max(known, proportional)) };
}

function rounded(count: number): number {
  return Number(count.toPrecision(2));
}
