import { CoMoments, type ReferenceProfile } from '@driftline/sketches';
import type { ReportedMoments } from '../evaluate/multivariate/reported-moments.ts';
import type { RowChunk } from '../files/data-file.ts';

export interface MomentsCounter {
  count(rows: RowChunk): void;
  readonly reported: ReportedMoments;
}

/** Of a file that has all features of a profile; undefined where the profile says nothing of how they go together. */
export function windowMoments({ id, coMoments, features }: ReferenceProfile): MomentsCounter | undefined {
  if (coMoments === undefined) return undefined;
  const moments = new CoMoments(
    coMoments.features.flatMap((name) => {
      const feature = features[name];
      return feature?.kind === 'numeric' ? [{ name, mean: feature.mean, sd: feature.sd }] : [];
    }),
  );
  return {
    count(chunk) {
      const columns = coMoments.features.map((name) => chunk.numbers(name));
      forEachRow(columns, chunk.rows, (row) => moments.record(row));
    },
    get reported() {
      const { count, means, sums } = moments;
      return { referenceId: id, names: coMoments.features, count, means, sums };
    },
  };
}

/** Columns row by row; NaN where a number is missing. The row is the same array each time. */
export function forEachRow(
  columns: readonly ArrayLike<number | null>[],
  rows: number,
  visit: (row: Float64Array, index: number) => void,
): void {
  const row = new Float64Array(columns.length);
  for (let i = 0; i < rows; i++) {
    for (let column = 0; column < columns.length; column++) row[column] = columns[column]![i] ?? Number.NaN;
    visit(row, i);
  }
}
