import { ML_OUTPUT_NAME_VALUE_ANOMALY_SCORE } from '@driftline/semantic-conventions';
import {
  BucketEdges,
  EdgeHistogram,
  type NumericReference,
  type ReferenceProfile,
  rowScorer,
} from '@driftline/sketches';
import type { RowChunk } from '../files/data-file.ts';
import type { WindowCounter } from './window-counts.ts';

export interface WindowScores {
  readonly name: string;
  readonly reference: NumericReference;
  readonly counter: Omit<WindowCounter, 'readAs'>;
}

/** Scores the rows of a file that has all features of a profile; undefined where the profile has no scores of its rows. */
export function windowScores(profile: ReferenceProfile): WindowScores | undefined {
  const name = ML_OUTPUT_NAME_VALUE_ANOMALY_SCORE;
  const reference = profile.outputs[name];
  const scorer = profile.rowScores === true ? rowScorer(profile) : undefined;
  if (scorer === undefined || reference?.kind !== 'numeric') return undefined;
  const histogram = new EdgeHistogram(BucketEdges.of(reference.edges));
  const counter = {
    count(rows: RowChunk) {
      const columns = Object.fromEntries(scorer.features.map((feature) => [feature, rows.numbers(feature)]));
      for (let i = 0; i < rows.rows; i++) histogram.record(scorer.scoreAt(columns, i) ?? Number.NaN);
    },
    get counts() {
      return { kind: 'numeric', counts: histogram.counts, missing: histogram.notFinite } as const;
    },
  };
  return { name, reference, counter };
}
