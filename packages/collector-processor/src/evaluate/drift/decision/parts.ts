import type { DriftPart } from '../../measurement.ts';
import { type Bin, totalOf } from './bins.ts';
import { categoricalTest } from './categorical-test.ts';
import { embeddingTest } from './embedding-test.ts';
import { type ComparedFeature, numericCounts, rowsOf, tailsOf } from './feature-counts.ts';
import { missingTest } from './missing-test.ts';
import { numericTest } from './numeric-test.ts';
import { ordinalTest } from './ordinal-test.ts';
import type { Floor, PartTest } from './part-test.ts';
import { tailsTest } from './tails-test.ts';

/** One hypothesis about one feature, ready to be tested. */
export interface Part {
  readonly part: DriftPart;
  readonly floor: Floor;
  /** Rows the test rests on; of missing values, all of them. */
  readonly rows: Bin;
  readonly test: (phi: number) => PartTest;
}

/** In standard deviations: Cohen's "small" acts, half of it warns. */
export const DISTRIBUTION_FLOOR: Floor = { warning: 0.1, drift: 0.2 };
/** In shares of rows. */
const MISSING_FLOOR: Floor = { warning: 0.005, drift: 0.01 };
const TAILS_FLOOR: Floor = { warning: 0.0025, drift: 0.005 };

/** Everything that is asked about a feature; its distribution comes first. */
export function partsOf(feature: ComparedFeature, floor: Floor): readonly [Part, ...Part[]] {
  const rows = rowsOf(feature);
  const distribution: Part = {
    part: 'distribution',
    floor,
    rows,
    test: (phi) => distributionTest(feature, phi),
  };
  const everyRow = totalOf([rows, feature.missing]);
  const missing: Part = {
    part: 'missing',
    floor: MISSING_FLOOR,
    rows: everyRow,
    test: (phi) => missingTest(feature.missing, everyRow, phi),
  };
  if (feature.kind !== 'numeric') return [distribution, missing];

  const tails = tailsOf(feature.reference, feature.buckets);
  return [
    distribution,
    missing,
    { part: 'tails', floor: TAILS_FLOOR, rows, test: (phi) => tailsTest(tails, rows, phi) },
  ];
}

function distributionTest(feature: ComparedFeature, phi: number): PartTest {
  switch (feature.kind) {
    case 'numeric':
      return numericTest(numericCounts(feature.reference, feature.buckets), phi);
    case 'categorical':
      return feature.ordered === undefined
        ? categoricalTest(feature.categories, phi)
        : ordinalTest(feature.categories, feature.ordered, phi);
    case 'embedding':
      return embeddingTest(
        feature.projections.map(({ reference, buckets }, i) => ({
          name: i === feature.projections.length - 1 ? 'length' : `projection ${i}`,
          counts: numericCounts(reference, buckets),
        })),
        phi,
      );
  }
}
