import { mostCoMomentFeatures } from './co-moment-sampling.ts';
import { triangleIndex } from './co-moments.ts';
import type { ProfilePart } from './profile-part.ts';

/** The co-moments of a profile from outside. */
export function checkCoMoments(coMoments: ProfilePart, features: ProfilePart, rows: number): void {
  const names = coMoments.field('features').items();
  if (names.length < 2 || names.length > mostCoMomentFeatures) {
    coMoments.field('features').refuse(`2 to ${mostCoMomentFeatures} features can vary together`);
  }
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.size === seen.add(name.text()).size) name.refuse('it is named twice');
    const kind = features.field(name.text()).optional()?.field('kind').value;
    if (kind !== 'numeric') name.refuse('it is no numeric feature of the profile');
  }
  const count = coMoments.field('count');
  if (count.count() > rows) count.refuse(`the profile has only ${rows} rows`);
  const pairs = (names.length * (names.length - 1)) / 2;
  numbers(coMoments.field('means'), names.length);
  checkSums(coMoments.field('sums'), names.length);
  numbers(coMoments.field('variances'), pairs, 1);
  const phi = coMoments.field('phi').optional();
  if (phi) numbers(phi, pairs, 1);
  numbers(coMoments.field('skewness'), names.length);
  numbers(coMoments.field('kurtosis'), names.length, 0);
  const pairSkewness = coMoments.field('pairSkewness').optional();
  if (pairSkewness) numbers(pairSkewness, pairs);
  const reconstruction = coMoments.field('reconstruction').optional();
  if (reconstruction === undefined) return;
  const components = reconstruction.field('components');
  if (components.count(1) >= names.length) components.refuse(`fewer than the ${names.length} features are needed`);
  reconstruction.field('error').atLeast(0);
  reconstruction.field('sd').atLeast(0);
}

function numbers(part: ProfilePart, length: number, least = Number.NEGATIVE_INFINITY): readonly number[] {
  const items = part.items();
  if (items.length !== length) part.refuse(`${items.length} numbers; ${length} are needed`);
  return items.map((item) => item.atLeast(least));
}

/** Rounding may carry a correlation of 1 a little beyond it. */
const ROUNDING = 1 + 1e-9;

function checkSums(part: ProfilePart, features: number): void {
  const sums = numbers(part, (features * (features + 1)) / 2);
  const items = part.items();
  for (let row = 0; row < features; row++) {
    items[triangleIndex(row, row)]?.atLeast(0);
    for (let column = 0; column < row; column++) {
      const product = (sums[triangleIndex(row, row)] ?? 0) * (sums[triangleIndex(column, column)] ?? 0);
      if ((sums[triangleIndex(row, column)] ?? 0) ** 2 > product * ROUNDING) {
        items[triangleIndex(row, column)]?.refuse('no correlation is beyond 1');
      }
    }
  }
}
