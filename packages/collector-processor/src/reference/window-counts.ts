import {
  BucketEdges,
  CategoryCounts,
  EdgeHistogram,
  EmbeddingProjections,
  type FeatureReference,
  otherCategory,
  unseenCategory,
} from '@driftline/sketches';
import type { CurrentCounts } from '../evaluate/drift/decision/feature-counts.ts';
import type { RowChunk } from '../files/data-file.ts';
import { type BulkReading, missingCode, noNumber, notFinite, type ReadAs } from '../files/column-reading.ts';

/** Counts a column of a file on the buckets of its reference. */
export interface WindowCounter {
  readonly readAs: ReadAs | BulkReading;
  count(rows: RowChunk): void;
  readonly counts: CurrentCounts;
  /** Of the missing ones: cells with something that is no number, and NaN and infinity. Absent for categories. */
  readonly unusable?: { readonly noNumber: number; readonly notFinite: number };
}

export function windowCounter(column: string, reference: FeatureReference): WindowCounter {
  switch (reference.kind) {
    case 'numeric': {
      const histogram = new EdgeHistogram(BucketEdges.of(reference.edges));
      const unusable = { noNumber: 0, notFinite: 0 };
      return {
        readAs: { bulk: 'numbers' },
        unusable,
        count(rows) {
          const values = rows.numbers(column);
          const before = histogram.notFinite;
          histogram.recordAll(values);
          if (histogram.notFinite === before) return;
          for (const value of values) {
            if (value === noNumber) unusable.noNumber++;
            else if (value === notFinite) unusable.notFinite++;
          }
        },
        get counts() {
          return { kind: 'numeric', counts: histogram.counts, missing: histogram.notFinite } as const;
        },
      };
    }
    case 'categorical': {
      const known = Object.keys(reference.categories);
      return known.every(isPlainSql) ? codeCounter(column, known) : textCounter(column, known);
    }
    case 'embedding': {
      const embedding = EmbeddingProjections.ofReference(reference);
      let missing = 0;
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

/** DuckDB finds the category of a cell, so that no text has to become a string of JavaScript. */
function codeCounter(column: string, known: readonly string[]): WindowCounter {
  const unknown = known.includes(otherCategory) ? otherCategory : unseenCategory;
  const categories = [...new Set([...known, unseenCategory, otherCategory])];
  const rowsOfCode = new Float64Array(categories.length);
  let missing = 0;
  let unknownRows = 0;
  return {
    readAs: { bulk: 'codes', categories },
    count(rows) {
      const codes = rows.codes(column);
      for (let i = 0; i < codes.length; i++) {
        const code = codes[i]!;
        if (code >= 0) rowsOfCode[code]!++;
        else if (code === missingCode) missing++;
        else unknownRows++;
      }
    },
    get counts() {
      const counts = new CategoryCounts({ known, unknown: 'fold' });
      categories.forEach((category, code) => counts.add(category, rowsOfCode[code]!));
      counts.add(unknown, unknownRows);
      return { kind: 'categorical', categories: counts.counts, missing } as const;
    },
  };
}

function textCounter(column: string, known: readonly string[]): WindowCounter {
  const categories = new CategoryCounts({ known, unknown: 'fold' });
  let missing = 0;
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

/** A statement ends at its first NUL, and half a surrogate pair has no UTF-8. */
function isPlainSql(category: string): boolean {
  return category.isWellFormed() && !category.includes('\0');
}
