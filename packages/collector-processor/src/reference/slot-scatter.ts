import { groupCounts } from '../evaluate/drift/decision/bins.ts';
import { scoreDispersion, tableDispersion } from '../evaluate/drift/decision/overdispersion.ts';
import {
  pooledScatter,
  type SeasonalDependence,
  type SeasonalScatter,
} from '../evaluate/drift/decision/seasonal-inflation.ts';
import type { ScatterSums, SubjectScatter } from './reference-entries.ts';
import { type ReferenceSubject, rowsOfSubject } from './reference-subject.ts';
import type { KnownShapes } from './known-shapes.ts';
import { alignedParts } from './subject-comparison.ts';

/**
 * What one slot of the cycle says about the wobble from day to day: `days` are the same subject in the same slot,
 * `pooled` is all of them together. Sums, so that slots add up as each of them is closed.
 */
export function slotScatter(
  pooled: ReferenceSubject,
  days: readonly ReferenceSubject[],
  shapes: KnownShapes,
): SubjectScatter {
  const missing = sumsOf(
    pooledScatter([days.map((day) => [rowsOfSubject(day), day.missing])], (counts) => tableDispersion(counts)),
  );
  if (pooled.distributions.length === 0) {
    const countsOf = (categories: readonly string[]) => [
      days.map((day) => {
        const known = new Map(Object.entries(day.categories));
        return categories.map((category) => known.get(category) ?? 0);
      }),
    ];
    const ordered = countsOf(shapes.order(pooled.name) ?? []);
    return {
      location: sumsOf(pooledScatter(ordered, (counts) => scoreDispersion(counts).location)),
      spread: sumsOf(pooledScatter(ordered, (counts) => scoreDispersion(counts).spread)),
      table: sumsOf(pooledScatter(countsOf(Object.keys(pooled.categories)), tableDispersion)),
      missing,
    };
  }
  const projections = pooled.distributions.map(([projection, all]) => {
    const ofDays = days.flatMap(({ distributions }) => new Map(distributions).get(projection) ?? []);
    const aligned = alignedParts(all, ofDays, shapes);
    if (aligned === undefined) return { location: nothing, spread: nothing, table: nothing };
    const { reference, parts } = aligned;
    const grouped = (closing: readonly number[]) => [parts.map((counts) => groupCounts(counts, closing))];
    const buckets = grouped(reference.quantileEdges);
    return {
      location: sumsOf(pooledScatter(buckets, (counts) => scoreDispersion(counts).location)),
      spread: sumsOf(pooledScatter(buckets, (counts) => scoreDispersion(counts).spread)),
      table: sumsOf(pooledScatter(grouped(reference.bins[20]), tableDispersion)),
    };
  });
  return {
    location: meanOf(projections.map(({ location }) => location)),
    spread: meanOf(projections.map(({ spread }) => spread)),
    table: meanOf(projections.map(({ table }) => table)),
    missing,
  };
}

/** The same for `added` in place of `removed`: one slot was closed anew. */
export function replaced(
  all: SubjectScatter | undefined,
  removed: SubjectScatter | undefined,
  added: SubjectScatter | undefined,
): SubjectScatter {
  const part = (name: keyof SubjectScatter): ScatterSums => {
    const [phi, rows, free] = [0, 1, 2].map(
      (i) => (all?.[name][i] ?? 0) - (removed?.[name][i] ?? 0) + (added?.[name][i] ?? 0),
    );
    return [phi ?? 0, rows ?? 0, free ?? 0];
  };
  return { location: part('location'), spread: part('spread'), table: part('table'), missing: part('missing') };
}

/** Whether any slot still has two days to scatter: of what is sent no longer, none has. */
export function saysAnything(scatter: SubjectScatter): boolean {
  return Object.values(scatter).some((sums) => scatterOf(sums).degreesOfFreedom > 0);
}

/** Of all slots together, as the decision reads it. */
export function dependenceOf(scatter: SubjectScatter | undefined, periods: number): SeasonalDependence {
  const { location, spread, table, missing } = scatter ?? {
    location: nothing,
    spread: nothing,
    table: nothing,
    missing: nothing,
  };
  const distribution = [location, spread, table]
    .map(scatterOf)
    .reduce((widest, one) => (one.degreesOfFreedom > 0 && one.phi > widest.phi ? one : widest), scatterOf(table));
  return { distribution, missing: scatterOf(missing), periods };
}

const nothing: ScatterSums = [0, 0, 0];

function sumsOf({ phi, rows, degreesOfFreedom }: SeasonalScatter): ScatterSums {
  return [degreesOfFreedom * phi, degreesOfFreedom * rows, degreesOfFreedom];
}

function scatterOf([phi, rows, free]: ScatterSums): SeasonalScatter {
  // Sums of doubles that went down again are nothing below one half of a degree.
  return free < 0.5
    ? { phi: 1, rows: 0, degreesOfFreedom: 0 }
    : { phi: phi / free, rows: rows / free, degreesOfFreedom: free };
}

/** An embedding's projections are one feature. */
function meanOf(sums: readonly ScatterSums[]): ScatterSums {
  const mean = (i: 0 | 1 | 2) => sums.reduce((sum, one) => sum + one[i], 0) / Math.max(1, sums.length);
  return [mean(0), mean(1), mean(2)];
}
