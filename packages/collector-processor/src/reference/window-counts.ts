import {
  BucketEdges,
  CategoryCounts,
  EdgeHistogram,
  EmbeddingProjections,
  type FeatureReference,
} from '@driftline/sketches';
import type { CurrentCounts } from '../evaluate/drift/decision/feature-counts.ts';
import type { RowChunk } from '../files/data-file.ts';
import type { ReadAs } from '../files/column-reading.ts';

/** Counts a column of a file on the buckets of its reference. */
export interface WindowCounter {
  readonly readAs: ReadAs;
  count(rows: RowChunk): void;
  readonly counts: CurrentCounts;
}

export function windowCounter(column: string, reference: FeatureReference): WindowCounter {
  let missing = 0;
  switch (reference.kind) {
    case 'numeric': {
      const histogram = new EdgeHistogram(BucketEdges.of(reference.edges));
      return {
        readAs: 'number',
        count(rows) {
          for (const value of rows.cells(column, 'number')) {
            if (value === null) missing++;
            else histogram.record(value);
          }
        },
        get counts() {
          return { kind: 'numeric', counts: histogram.counts, missing: missing + histogram.notFinite } as const;
        },
      };
    }
    case 'categorical': {
      const categories = new CategoryCounts({ known: Object.keys(reference.categories), unknown: 'fold' });
      return {
        readAs: 'text',
        count(rows) {
          for (const category of rows.cells(column, 'text')) {
            if (category === null) missing++;
            else categories.record(category);
          }
        },
        get counts() {
          return { kind: 'categorical', categories: categories.counts, missing } as const;
        },
      };
    }
    case 'embedding': {
      const embedding = EmbeddingProjections.ofReference(reference);
      return {
        readAs: 'vector',
        count(rows) {
          for (const vector of rows.cells(column, 'vector')) {
            if (vector === null || embedding.record(vector) !== 'valid') missing++;
          }
        },
        get counts() {
          const projections = embedding.sketches.flatMap((sketch) => ('counts' in sketch ? [sketch.counts] : []));
          return { kind: 'embedding', projections, missing } as const;
        },
      };
    }
  }
}
