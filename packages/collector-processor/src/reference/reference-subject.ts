import { ML_FEATURE_CATEGORY_VALUE_OTHER } from '@driftline/semantic-conventions';
import { ExponentialHistogram, keptCategories } from '@driftline/sketches';
import { type Distribution, type Observations, usableRows } from '../evaluate/observations.ts';
import type { Segment } from '../evaluate/segment.ts';
import { subjectKey } from '../evaluate/subjects.ts';
import { missingRows } from './model-references.ts';

/** What traffic said about one feature or output, kept to be compared with. Plain JSON. */
export interface ReferenceSubject {
  readonly role: Observations['role'];
  readonly name: string;
  readonly missing: number;
  readonly distributions: readonly (readonly [number | 'none', StoredDistribution])[];
  readonly categories: Readonly<Record<string, number>>;
  /** In references that move along; captured ones keep subjects by segment. Absent where all rows are meant. */
  readonly segment?: Segment;
}

/** Tells subjects apart, those of segments from those of the whole too. */
export function keyOfSubject(subject: ReferenceSubject): string {
  return subjectKey(subject, subject.segment);
}

/** What traffic said about one segment. */
export interface CapturedSegment extends Segment {
  readonly rows: number;
  readonly subjects: readonly ReferenceSubject[];
}

export type StoredDistribution =
  | {
      readonly kind: 'histogram';
      readonly edges: readonly number[];
      readonly counts: readonly number[];
      readonly sum: number;
    }
  | {
      readonly kind: 'exponential';
      readonly scale: number;
      readonly zeroCount: number;
      readonly positive: { readonly offset: number; readonly counts: readonly number[] };
      readonly negative: { readonly offset: number; readonly counts: readonly number[] };
      readonly sum: number;
    };

/** Where senders counted on several edges, the one with the most rows is taken. */
export function subjectsOf(observations: readonly Observations[]): readonly ReferenceSubject[] {
  const largest = new Map<string, Observations>();
  for (const one of observations) {
    const other = largest.get(subjectKey(one));
    if (other === undefined || usableRows(one) > usableRows(other)) largest.set(subjectKey(one), one);
  }
  return [...largest.values()].map((one) => ({
    role: one.role,
    name: one.name,
    missing: missingRows(one),
    distributions: [...one.distributions].map(
      ([projection, distribution]) => [projection, stored(distribution)] as const,
    ),
    categories: Object.fromEntries(one.categories),
  }));
}

/** Rows with a usable value. */
export function rowsOfSubject({ distributions, categories }: ReferenceSubject): number {
  const [first] = distributions;
  return first === undefined ? sum(Object.values(categories)) : rowsOfDistribution(first[1]);
}

/**
 * Together, by subject and in the order in which they were first seen. Each part has its own categories: over the bound
 * the least frequent are `_other`, as in panes.
 */
export function mergeSubjects(
  parts: readonly (readonly ReferenceSubject[])[],
  mostCategories: number,
): readonly ReferenceSubject[] {
  const merged = new Map<string, ReferenceSubject>();
  for (const subject of parts.flat()) {
    const key = keyOfSubject(subject);
    const other = merged.get(key);
    merged.set(key, other === undefined ? subject : together(other, subject));
  }
  return [...merged.values()].map((subject) => folded(subject, mostCategories));
}

function folded(subject: ReferenceSubject, mostCategories: number): ReferenceSubject {
  const named = Object.entries(subject.categories).filter(([category]) => category !== otherCategory);
  if (named.length <= mostCategories) return subject;
  const kept = new Map(keptCategories(named, mostCategories));
  kept.set(otherCategory, sum(Object.values(subject.categories)) - sum([...kept.values()]));
  return { ...subject, categories: Object.fromEntries(kept) };
}

const otherCategory = ML_FEATURE_CATEGORY_VALUE_OTHER;

/** What does not add up, since it was counted on other buckets or is of another kind, is told by the later rows. */
function together(earlier: ReferenceSubject, later: ReferenceSubject): ReferenceSubject {
  if (rowsOfSubject(earlier) === 0 && rowsOfSubject(later) > 0)
    return { ...later, missing: earlier.missing + later.missing };
  if (rowsOfSubject(later) === 0) return { ...earlier, missing: earlier.missing + later.missing };
  if (!doAddUp(earlier, later)) return later;
  const added = new Map(later.distributions);
  const categories = new Map(Object.entries(earlier.categories));
  for (const [category, rows] of Object.entries(later.categories)) {
    categories.set(category, (categories.get(category) ?? 0) + rows);
  }
  return {
    ...earlier,
    missing: earlier.missing + later.missing,
    distributions: earlier.distributions.map(([projection, one]) => {
      const other = added.get(projection);
      return [projection, other === undefined ? one : sumOf(one, other)] as const;
    }),
    categories: Object.fromEntries(categories),
  };
}

export function doAddUp(one: ReferenceSubject, other: ReferenceSubject): boolean {
  const others = new Map(other.distributions);
  return (
    one.distributions.length === other.distributions.length &&
    one.distributions.every(([projection, distribution]) => {
      const counterpart = others.get(projection);
      return counterpart !== undefined && isOnSameBuckets(distribution, counterpart);
    })
  );
}

function isOnSameBuckets(one: StoredDistribution, other: StoredDistribution): boolean {
  if (one.kind === 'exponential' || other.kind === 'exponential') return one.kind === other.kind;
  return one.edges.length === other.edges.length && one.edges.every((edge, i) => edge === other.edges[i]);
}

function sumOf(one: StoredDistribution, other: StoredDistribution): StoredDistribution {
  if (one.kind === 'histogram' && other.kind === 'histogram') {
    const counts = one.counts.map((count, i) => count + (other.counts[i] ?? 0));
    return { kind: 'histogram', edges: one.edges, counts, sum: one.sum + other.sum };
  }
  if (one.kind === 'histogram' || other.kind === 'histogram') return other;
  const merged = ExponentialHistogram.from(one);
  merged.merge(ExponentialHistogram.from(other));
  return storedExponential(merged);
}

function stored(distribution: Distribution): StoredDistribution {
  if (distribution.kind === 'histogram') {
    const { edges, counts, sum: total } = distribution;
    return { kind: 'histogram', edges: [...edges], counts: [...counts], sum: total };
  }
  return storedExponential(distribution);
}

type Exponential = Extract<Distribution, { kind: 'exponential' }>;

function storedExponential(one: Omit<Exponential, 'kind'> | ExponentialHistogram): StoredDistribution {
  const plain = ({ offset, counts }: Exponential['positive']) => ({ offset, counts: [...counts] });
  const { scale, zeroCount, positive, negative, sum: total } = one;
  return { kind: 'exponential', scale, zeroCount, positive: plain(positive), negative: plain(negative), sum: total };
}

function rowsOfDistribution(distribution: StoredDistribution): number {
  return distribution.kind === 'histogram'
    ? sum(distribution.counts)
    : distribution.zeroCount + sum(distribution.positive.counts) + sum(distribution.negative.counts);
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
