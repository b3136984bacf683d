import type { ComparedFeature } from '../drift/decision/feature-counts.ts';
import { onEdges } from './known-evidence.ts';
import { defineQualityRule, type FeatureEvidence, referenceRows, type Reading } from './quality-rule.ts';

/**
 * Rows below the reference's minimum or above its maximum. New rows of the same kind lie there too: as often as among
 * all rows together the outermost are new ones. By symmetry both ends together are as the part above the second
 * largest row of the reference, where it has one row itself: so the test counts one there, and is exact.
 */
const ROWS_AT_THE_ENDS = 1;

export const outOfRange = defineQualityRule({
  about: 'feature',
  name: 'out_of_range',
  asks: 'Do more rows lie outside the reference’s minimum and maximum than chance puts there?',
  needs: 'statuses; numbers with a profile',
  judgedBy: 'exact test: how many new rows lie beyond the outermost of the reference',
  defaults: { margin: 0.005 },
  read(evidence) {
    const { compared, rows, statuses } = evidence;
    if (rows === 0) return undefined;
    const counted = statuses.get('out_of_range');
    if (compared?.kind !== 'numeric') return counted === undefined ? undefined : { ratio: counted / rows, rows };
    return against(compared, evidence);
  },
  knownAnswers: [
    {
      says: '12 of 1,000 rows below 0 and 18 above 1, the ends of the reference',
      given: { compared: onEdges({ edges: [0, 1], reference: [0, 2000, 0], current: [12, 970, 18] }) },
      answer: { ratio: 0.03, test: { hits: { reference: 1, current: 30 }, rows: { reference: 2000, current: 1000 } } },
    },
    {
      says: 'no reference, but the sender has counted',
      given: {
        statuses: new Map([
          ['valid', 980],
          ['out_of_range', 20],
        ]),
      },
      answer: { ratio: 0.02 },
    },
    { says: 'nobody counts', given: {}, answer: undefined },
  ],
});

function against(
  { buckets, ...compared }: Extract<ComparedFeature, { kind: 'numeric' }>,
  evidence: FeatureEvidence,
): Reading {
  const below = buckets[0];
  const above = buckets.at(-1);
  const current = (below?.current ?? 0) + (above?.current ?? 0);
  const usable = buckets.reduce((rows, bucket) => rows + bucket.current, 0);
  return {
    ratio: current / evidence.rows,
    rows: evidence.rows,
    ...(current > 0 && { detail: sidesOf(below?.current ?? 0, above?.current ?? 0, compared.reference) }),
    comparison: {
      kind: 'test',
      hits: { reference: ROWS_AT_THE_ENDS + (below?.reference ?? 0) + (above?.reference ?? 0), current },
      rows: { reference: referenceRows({ ...compared, buckets }), current: usable },
      part: 'tails',
    },
  };
}

/** The reference's own extremes are in its profile; the window's values stay where they are. */
function sidesOf(below: number, above: number, { min, max }: { readonly min: number; readonly max: number }): string {
  if (above === 0) return `below ${min}`;
  return below === 0 ? `above ${max}` : `below ${min} or above ${max}`;
}
