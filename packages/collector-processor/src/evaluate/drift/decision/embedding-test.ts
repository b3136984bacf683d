import { type NumericCounts, numericTest } from './numeric-test.ts';
import type { PartTest } from './part-test.ts';

/** Did any projection of the vectors, or their length, move? */
export function embeddingTest(
  projections: readonly { readonly name: string; readonly counts: NumericCounts }[],
  phi = 1,
): PartTest {
  const tests = projections.map(({ name, counts }) => ({ name, ...numericTest(counts, phi) }));
  const telling = tests.reduce((most, test) => (test.p < most.p ? test : most));
  return {
    p: Math.min(1, tests.length * telling.p),
    size: Math.max(...tests.map(({ size }) => size)),
    direction: `${telling.name} ${telling.direction}`,
  };
}
