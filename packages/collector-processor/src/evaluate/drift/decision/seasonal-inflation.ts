import type { NumericReference } from '@driftline/sketches';
import { type Bin, effectiveRows, groupCounts } from './bins.ts';
import { scoreDispersion, tableDispersion } from './overdispersion.ts';

/**
 * Counts of one feature: a list for each slot of the cycle (24 for the hours of a day), in it one entry for each day
 * (or week) that was seen in this slot, in it the counts on the reference's buckets. 24 slots of 7 days are
 * `slots[hour][day][bucket]`. Days without rows may be there or not; slots may have different numbers of days.
 */
export type SlotCounts = readonly (readonly ArrayLike<number>[])[];

/** How far the same slot scatters from day to day, all slots taken together. Plain data, kept with the reference. */
export interface SeasonalScatter {
  /** The variance between days over that of independent rows; 1 where days differ by the chance of their rows alone. */
  readonly phi: number;
  /** Rows of one day in one slot: the mean that unequal days stand for. */
  readonly rows: number;
  /** Days less one, summed over the slots. */
  readonly degreesOfFreedom: number;
}

/** What a reference made of the same slot of several earlier days knows about the wobble of its level. */
export interface SeasonalDependence {
  /** Of the feature's values; the tails are judged by it too. */
  readonly distribution: SeasonalScatter;
  /** Of the table of rows with and without a usable value. */
  readonly missing: SeasonalScatter;
  /** Earlier days whose counts add up to the reference: seven, four weeks, ... */
  readonly periods: number;
}

/** With fewer days the scatter between them is not known well enough to correct by. */
export const LEAST_PERIODS = 4;

/** Of numbers, on the reference's buckets: the largest of location, spread and the table of 20 bins. */
export function numericScatter(reference: NumericReference, slots: SlotCounts): SeasonalScatter {
  const grouped = (edges: readonly number[]) => slots.map((days) => days.map((counts) => groupCounts(counts, edges)));
  const buckets = grouped(reference.quantileEdges);
  const candidates = [
    pooledScatter(buckets, (days) => scoreDispersion(days).location),
    pooledScatter(buckets, (days) => scoreDispersion(days).spread),
    pooledScatter(grouped(reference.bins[20]), tableDispersion),
  ];
  return candidates.reduce((widest, one) => (one.phi > widest.phi ? one : widest));
}

/** Of categories, or of rows with and without a usable value. */
export function tableScatter(slots: SlotCounts): SeasonalScatter {
  return pooledScatter(slots, tableDispersion);
}

/** Of several columns that are one feature, as an embedding's projections are. */
export function meanScatter(scatters: readonly SeasonalScatter[]): SeasonalScatter {
  const [first] = scatters;
  if (first === undefined) return NO_SCATTER;
  return { ...first, phi: scatters.reduce((sum, { phi }) => sum + phi, 0) / scatters.length };
}

/**
 * By how much to divide the statistics of a window that is compared with the same slot of earlier days. The level of a
 * day wobbles around that of its slot by a variance tau2, in units of the rows' own; today's level does so too, so that
 * more days do not help beyond 1 + 1/D:
 *
 *     tau2 = (phi - within) / rows,   inflation = within + tau2·(1 + 1/D) / (1/M + 1/N)
 *
 * `within` is the inflation by rows of one day that depend on each other, where that is known (a design effect): it does
 * not grow with the rows of a window. phi is taken 1 + 1/√df higher than measured, as it is known from few days only.
 */
export function seasonalInflation(
  { phi, rows: dayRows, degreesOfFreedom }: SeasonalScatter,
  { periods, rows, within = 1 }: { readonly periods: number; readonly rows: Bin; readonly within?: number },
): number {
  if (degreesOfFreedom < 1 || dayRows <= 0) return within;
  const allowed = phi * (1 + 1 / Math.sqrt(degreesOfFreedom));
  const wobble = Math.max(0, allowed - within) / dayRows;
  return within + wobble * (1 + 1 / periods) * effectiveRows(rows);
}

const NO_SCATTER: SeasonalScatter = { phi: 1, rows: 0, degreesOfFreedom: 0 };

/** Each slot counts by its degrees of freedom. */
export function pooledScatter(
  slots: SlotCounts,
  dispersion: (days: readonly ArrayLike<number>[]) => number,
): SeasonalScatter {
  let scatter = 0;
  let rows = 0;
  let degreesOfFreedom = 0;
  for (const slot of slots) {
    const days = slot.map((counts) => ({ counts, rows: sumOf(counts) })).filter((day) => day.rows > 0);
    const free = days.length - 1;
    if (free < 1) continue;
    scatter += free * dispersion(days.map(({ counts }) => counts));
    rows += freeRows(days.map((day) => day.rows));
    degreesOfFreedom += free;
  }
  return degreesOfFreedom === 0
    ? NO_SCATTER
    : { phi: scatter / degreesOfFreedom, rows: rows / degreesOfFreedom, degreesOfFreedom };
}

/** N - Σ m²/N of a one-way analysis of variance: by how much a unit of variance between days adds to their scatter. */
export function freeRows(rowsOfDays: readonly number[]): number {
  const all = sumOf(rowsOfDays);
  return all - rowsOfDays.reduce((sum, rows) => sum + rows ** 2, 0) / all;
}

function sumOf(counts: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < counts.length; i++) sum += counts[i] ?? 0;
  return sum;
}
