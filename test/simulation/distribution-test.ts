import type { CategoricalReference, NumericReference } from '@driftline/sketches';
import {
  compareCounts,
  type CurrentCounts,
} from '../../packages/collector-processor/src/evaluate/drift/decision/feature-counts.ts';
import type { PartTest } from '../../packages/collector-processor/src/evaluate/drift/decision/part-test.ts';
import { DISTRIBUTION_FLOOR, partsOf } from '../../packages/collector-processor/src/evaluate/drift/decision/parts.ts';

/** The test of a feature's distribution alone, by the product's code. */
export function distributionTest(
  reference: NumericReference | CategoricalReference,
  current: CurrentCounts,
  phi = 1,
): PartTest {
  const compared = compareCounts(reference, current);
  if (compared === undefined) throw new TypeError('window and reference have the same buckets');
  return partsOf(compared, DISTRIBUTION_FLOOR)[0].test(phi);
}

export function numericCounts(counts: ArrayLike<number>): CurrentCounts {
  return { kind: 'numeric', counts, missing: 0 };
}

/** Sure at this level of the single test, and far enough for `drift`. */
export function isDrift({ p, size }: PartTest, level: number): boolean {
  return p < level && size >= DISTRIBUTION_FLOOR.drift;
}
