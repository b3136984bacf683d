import { type ReferenceProfile, rowScorer } from '@driftline/sketches';
import type { FeatureRow } from './call-mappers.ts';

/** Says how unusual single rows are. The names of a row are those of the row that was scored last. */
export interface RowScorer {
  /** About 1 for an ordinary row of the reference, 0 for the most ordinary one; undefined where it has no number to judge. */
  score(row: FeatureRow): number | undefined;
  /** The same of one row of columns. */
  scoreAt(columns: Readonly<Record<string, ArrayLike<unknown>>>, row: number): number | undefined;
  /** At most three features that made it so, the most first. */
  topFeatures(): string[];
}

/** Undefined where the profile has no numeric feature that varies. */
export type RowAnomalies = (profile: ReferenceProfile) => RowScorer | undefined;

/** Scores rows by a profile's numeric features, as `driftline profile build --anomaly-scores` scores its own. */
export const rowAnomalies: RowAnomalies = rowScorer;
