import { type NumericCounts, numericTest } from './numeric-test.ts';
import type { PartTest } from './part-test.ts';

/** Did any projection of the vectors, or their length, move? */
export function embeddingTest(
  projections: readonly { readonly name: string; readonly counts: NumericCounts }[],
  phi = 1,
): PartTest {
  const tests = projections.map(({ name, counts }) => ({ name, test: numericTest(counts, phi) }));
  const telling = tests.reduce((most, one) => (one.test.p < most.test.p ? one : most));
  return {
    p: Math.min(1, tests.length * telling.test.p),
    size: Math.max(...tests.map(({ test }) => test.size)),
    get direction() {
      return `${telling.name} ${telling.test.direction}`;
    },
  };
}
