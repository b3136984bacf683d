import { otherCategory, unseenCategory } from '@driftline/sketches';
import type { FeatureEvidence, RowEvidence } from '../quality-rule.ts';
import type { Checked, Constraint, Untold } from './constraint.ts';
import { rowsAbove, rowsBelow, type RowsBeyond } from './value-limits.ts';

type Result = Checked | Untold;

/** Every check of a constraint on one feature or output. */
export function checkFeature(constraint: Constraint, evidence: FeatureEvidence | undefined): readonly Result[] {
  const { min, max, in: categories, missingAtMost, distinctAtMost, distinctAtLeast } = constraint;
  const asked: readonly (readonly [string, unknown, (evidence: FeatureEvidence) => Result])[] = [
    ['min', min, (one) => checkValues('min', one, constraint, (values) => rowsBelow(min ?? 0, values))],
    ['max', max, (one) => checkValues('max', one, constraint, (values) => rowsAbove(max ?? 0, values))],
    ['in', categories, (one) => checkCategories(one, categories ?? [], constraint)],
    ['missing_at_most', missingAtMost, (one) => checkMissing(one, missingAtMost ?? 0)],
    ['distinct_at_most', distinctAtMost, (one) => checkDistinct('distinct_at_most', one, 0, distinctAtMost ?? 0)],
    [
      'distinct_at_least',
      distinctAtLeast,
      (one) => checkDistinct('distinct_at_least', one, distinctAtLeast ?? 0, Number.POSITIVE_INFINITY),
    ],
  ];
  return asked
    .filter(([, value]) => value !== undefined)
    .map(([check, , read]) =>
      evidence === undefined || evidence.rows === 0 ? { check, why: 'the window has no row of it' } : read(evidence),
    );
}

/** Every check of a constraint on whole rows. */
export function checkRows(
  { rowsAtLeast, duplicatesAtMost }: Constraint,
  modelRows: number,
  evidence: RowEvidence | undefined,
): readonly Result[] {
  const results: Result[] = [];
  if (rowsAtLeast !== undefined) {
    const lacking = Math.max(0, 1 - modelRows / rowsAtLeast);
    const detail = `${modelRows} rows, at least ${rowsAtLeast} were declared`;
    results.push({
      check: 'rows_at_least',
      atLeast: lacking,
      atMost: lacking,
      limit: 0,
      rows: modelRows,
      ...(lacking > 0 && { detail }),
    });
  }
  if (duplicatesAtMost !== undefined) {
    const check = 'duplicates_at_most';
    const compared = evidence?.compared;
    if (compared === undefined || compared.rows === 0) {
      results.push({ check, why: 'the sender counts no repeated rows; set quality: { duplicates: true } there' });
    } else {
      const ratio = compared.failed / compared.rows;
      results.push({ check, atLeast: ratio, atMost: ratio, limit: duplicatesAtMost, rows: compared.rows });
    }
  }
  return results;
}

function checkValues(
  check: 'min' | 'max',
  { rows, distribution, categories }: FeatureEvidence,
  { violationsAtMost = 0 }: Constraint,
  count: (distribution: NonNullable<FeatureEvidence['distribution']>) => RowsBeyond,
): Result {
  if (distribution === undefined) {
    // A column without one usable number breaks no limit of numbers; missing_at_most is for that.
    if (categories.size > 0) return { check, why: 'it has categories, and no numbers; use in' };
    return { check, atLeast: 0, atMost: 0, limit: violationsAtMost, rows };
  }
  const { certain, possible } = count(distribution);
  return { check, atLeast: certain / rows, atMost: possible / rows, limit: violationsAtMost, rows };
}

/**
 * Categories that neither profile nor declaration of the sender names come together, without their names: those that the
 * reference lacks are none of the allowed ones where it has all of these.
 */
function checkCategories(
  { rows, categories, distribution, compared }: FeatureEvidence,
  allowed: readonly string[],
  { violationsAtMost = 0 }: Constraint,
): Result {
  const check = 'in';
  if (distribution !== undefined) return { check, why: 'it has numbers, and no categories; use min and max' };
  const known = compared?.kind === 'categorical' ? compared.reference.categories : {};
  const isUnseenOutside = allowed.every((category) => Object.hasOwn(known, category));
  let certain = 0;
  let possible = 0;
  const others: string[] = [];
  for (const [category, count] of categories) {
    if (count === 0 || allowed.includes(category)) continue;
    possible += count;
    if (category === otherCategory || (category === unseenCategory && !isUnseenOutside)) continue;
    certain += count;
    if (category !== unseenCategory) others.push(category);
  }
  const named = others.slice(0, NAMED).map((category) => JSON.stringify(category));
  return {
    check,
    atLeast: certain / rows,
    atMost: possible / rows,
    limit: violationsAtMost,
    rows,
    ...(named.length > 0 && { detail: `${named.join(', ')}${others.length > NAMED ? ', ...' : ''} not declared` }),
  };
}

function checkMissing({ rows, statuses }: FeatureEvidence, limit: number): Result {
  const ratio = (statuses.get('missing') ?? 0) / rows;
  return { check: 'missing_at_most', atLeast: ratio, atMost: ratio, limit, rows };
}

/** As a share: of the values that differ, those over the limit; or of those declared, those that lack. */
function checkDistinct(
  check: 'distinct_at_most' | 'distinct_at_least',
  { rows, distinct }: FeatureEvidence,
  least: number,
  most: number,
): Result {
  if (distinct === undefined) {
    return { check, why: 'the sender does not count different values; set quality: { distinct } there' };
  }
  const ratio = distinct > most ? 1 - most / distinct : distinct < least ? 1 - distinct / least : 0;
  const detail = `about ${Number(distinct.toPrecision(2))} different values`;
  return { check, atLeast: ratio, atMost: ratio, limit: 0, rows, ...(ratio > 0 && { detail }) };
}

const NAMED = 3;
