import { ML_OUTPUT_NAME_VALUE_ANOMALY_SCORE } from '@driftline/semantic-conventions';
import { rowScorer, type ProfileScorer, type ScoringReference } from '@driftline/sketches';
import { DataFileError } from '../files/data-file-error.ts';
import type { RowChunk } from '../files/data-file.ts';
import type { BuiltColumn } from './column-builder.ts';
import { type NumericCount, NumericLook, type Sampling } from './numeric-column.ts';

/** A reference that is further from what live rows have, in standard deviations of the score, would be of no use. */
const FARTHEST = 0.05;

/** How unusual each row of a reference is by the reference itself: the output that `rowAnomalies` reports of live rows. */
export class AnomalyScores {
  readonly name = ML_OUTPUT_NAME_VALUE_ANOMALY_SCORE;
  readonly #scorer: ProfileScorer;
  readonly #looking: NumericLook;
  #counting: NumericCount | undefined;

  /** Throws a DataFileError where there is nothing to score by, or too little. */
  constructor(reference: ScoringReference, sampling: Sampling) {
    const scorer = rowScorer(reference);
    if (scorer === undefined) throw refused('no numeric feature varies');
    const { length } = scorer.features;
    const least = leastRows(length);
    const { count = least } = reference.coMoments ?? {};
    if (count < least) {
      throw refused(`scores by ${length} features need ${least} complete rows, and there are ${count}`);
    }
    this.#scorer = scorer;
    this.#looking = new NumericLook(sampling);
  }

  /** Columns to read. */
  get features(): readonly string[] {
    return this.#scorer.features;
  }

  /** First pass over the rows. */
  look(rows: RowChunk): void {
    this.#each(rows, (score) => this.#looking.record(score ?? Number.NaN));
  }

  /** Second pass. */
  count(rows: RowChunk, timeChunks: readonly number[]): void {
    const counting = (this.#counting ??= this.#looking.counter());
    this.#each(rows, (score, i) => counting.record(score ?? null, timeChunks[i] ?? -1));
  }

  build(rows: number): BuiltColumn {
    const { reference, values, usable } = (this.#counting ??= this.#looking.counter()).build(rows);
    return { name: this.name, reference, chunks: { values: [values], usable } };
  }

  #each(rows: RowChunk, visit: (score: number | undefined, i: number) => void): void {
    const columns = Object.fromEntries(this.features.map((name) => [name, rows.cells(name, 'number')]));
    for (let i = 0; i < rows.rows; i++) visit(this.#scorer.scoreAt(columns, i), i);
  }
}

/**
 * Rows lie closer to a centre and a spread that were taken of themselves than others do: over p features and N rows D² is
 * p on these and by about p/N more on others, whose root differs by p^1.5/(√2·N) of its standard deviation.
 */
function leastRows(features: number): number {
  return Math.ceil(features ** 1.5 / (Math.SQRT2 * FARTHEST));
}

function refused(why: string): DataFileError {
  return new DataFileError(`rows cannot be scored: ${why}. Leave out --anomaly-scores.`);
}
