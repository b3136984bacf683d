import { quantileSorted } from 'simple-statistics';
import { seededRandom } from './random.ts';

const REPLICATES = 1_000;
const DRAWS = 1_999;
/** As often as the observed difference came about by chance before the answer is clear. */
const ENOUGH_COINCIDENCES = 100;
const SEED = 20_261_124;

/**
 * What the statistic might have been on other rows: the percentile bootstrap (Efron 1979), seeded, so that the same rows
 * give the same interval. `statistic` gets the rows to use, some more than once; undefined where it has no value there.
 */
export function bootstrapInterval(
  rowCount: number,
  statistic: (rows: Uint32Array) => number | undefined,
  confidence: number,
): { readonly lower: number; readonly upper: number } {
  const random = seededRandom(SEED);
  const rows = new Uint32Array(rowCount);
  const replicates = Array.from({ length: REPLICATES }, () => {
    for (let index = 0; index < rowCount; index += 1) rows[index] = Math.floor(random() * rowCount);
    return statistic(rows);
  })
    .filter((value) => value !== undefined)
    .toSorted((one, other) => one - other);
  if (replicates.length < REPLICATES / 2) return { lower: Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY };
  return {
    lower: quantileSorted(replicates, (1 - confidence) / 2),
    upper: quantileSorted(replicates, (1 + confidence) / 2),
  };
}

/**
 * How likely a loss at least as large is where the two versions are equally good, so that either could have given
 * either's answer on each row: approximate randomisation (Noreen 1989). Holds for every metric and every number of rows.
 * `loss` gets 1 for each row on which the versions change places. Ends early where chance alone often does it (Besag and
 * Clifford, Biometrika 78, 1991).
 */
export function randomisationTest(rowCount: number, loss: (swapped: Uint8Array) => number | undefined): number {
  const random = seededRandom(SEED);
  const swapped = new Uint8Array(rowCount);
  const observed = loss(swapped) ?? 0;
  // Sums in another order differ in their last digits.
  const atLeast = observed - 1e-12 * Math.abs(observed);
  let coincidences = 0;
  for (let draw = 1; draw <= DRAWS; draw += 1) {
    for (let index = 0; index < rowCount; index += 1) swapped[index] = random() < 0.5 ? 1 : 0;
    if ((loss(swapped) ?? observed) >= atLeast) coincidences += 1;
    if (coincidences === ENOUGH_COINCIDENCES) return coincidences / draw;
  }
  return (coincidences + 1) / (DRAWS + 1);
}
