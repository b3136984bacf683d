import type { Calibration, CategoricalReference, NumericReference } from '@driftline/sketches';
import { groupCounts } from '../evaluate/drift/decision/bins.ts';
import { inflation, scoreDispersion, tableDispersion } from '../evaluate/drift/decision/overdispersion.ts';
import type { BuiltColumn, NamedReference } from './column-builder.ts';

/** Measures on the time chunks of a reference how far its rows depend on each other. */
export function calibrate(
  columns: readonly BuiltColumn[],
  chunkCount: number,
  rows: number,
): { readonly calibration: Calibration; readonly columns: readonly NamedReference[] } {
  const own = new Map(columns.map((column) => [column, dispersionOf(column)]));
  const scores = [...own.values()].map(({ scores }) => scores).filter((score) => score !== undefined);
  const pooled = scores.length === 0 ? 1 : mean(scores);
  return {
    calibration: { c: chunkCount, m: Math.max(1, Math.round(rows / chunkCount)), pooled },
    columns: [...own].map(([{ name, reference, chunks }, { all, scores }]) => {
      const phi = inflation(all, scores === undefined ? 1 : pooled, chunkCount);
      const missingPhi = inflation(tableDispersion(chunks.usable), 1, chunkCount);
      return { name, reference: reference.missing === 0 ? { ...reference, phi } : { ...reference, phi, missingPhi } };
    }),
  };
}

interface Dispersion {
  /** Of the table and, where there are any, of the scores. */
  readonly all: number;
  /** The larger of location and spread; categories without an order have neither. */
  readonly scores?: number;
}

function dispersionOf({ reference, chunks }: BuiltColumn): Dispersion {
  switch (reference.kind) {
    case 'numeric':
      return numericDispersion(reference, chunks.values[0] ?? []);
    case 'categorical':
      return categoricalDispersion(reference, chunks.values[0] ?? []);
    case 'embedding': {
      const projections = reference.projections.map((projection, i) =>
        numericDispersion(projection, chunks.values[i] ?? []),
      );
      return { all: mean(projections.map(({ all }) => all)), scores: mean(projections.map(({ scores }) => scores)) };
    }
  }
}

/** Ordered categories are counted first, in their order. */
function categoricalDispersion({ order }: CategoricalReference, chunks: readonly ArrayLike<number>[]): Dispersion {
  const table = tableDispersion(chunks);
  if (order === undefined) return { all: table };
  const { location, spread } = scoreDispersion(chunks.map((counts) => Array.from(counts).slice(0, order.length)));
  const scores = Math.max(location, spread);
  return { all: Math.max(scores, table), scores };
}

function numericDispersion(reference: NumericReference, chunks: readonly ArrayLike<number>[]): Required<Dispersion> {
  const { location, spread } = scoreDispersion(chunks.map((counts) => groupCounts(counts, reference.quantileEdges)));
  const table = tableDispersion(chunks.map((counts) => groupCounts(counts, reference.bins[20])));
  const scores = Math.max(location, spread);
  return { all: Math.max(scores, table), scores };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
