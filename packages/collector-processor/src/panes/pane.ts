import type { IdentifiedPoint, Unit } from '../receive/unit.ts';
import type { Pane } from '../store/commit.ts';

const nsPerMs = 1_000_000n;

/**
 * The moment that decides to which pane a point goes, in milliseconds: a sketch cannot be split, so it goes whole, and by
 * its middle the error is at most half an interval at each edge. What stands for a moment, or tells no start, goes by
 * its end; a period that ends on an edge belongs before it.
 */
export function momentOf(
  { startNs, endNs }: Pick<Unit, 'startNs' | 'endNs'>,
  { series }: Pick<IdentifiedPoint, 'series'>,
): number {
  if (series.temporality === 'none' || startNs === endNs) return Number(endNs / nsPerMs);
  const isPeriod = series.temporality === 'delta' && startNs > 0n;
  return Number((isPeriod ? (startNs + endNs) / 2n : endNs - 1n) / nsPerMs);
}

/** In whole milliseconds, rounded down: a writer never seems further than it is. */
export function endMs({ endNs }: Pick<Unit, 'endNs'>): number {
  return Number(endNs / nsPerMs);
}

/** From start to end in milliseconds; 0 for what has no period. */
export function intervalMs({ startNs, endNs }: Pick<Unit, 'startNs' | 'endNs'>): number {
  return startNs === 0n ? 0 : Number((endNs - startNs) / nsPerMs);
}

/**
 * The aligned slot of a moment. After a change of the length it keeps out of the panes that are open already, and of what
 * is sealed, so that panes never overlap.
 */
export function paneAt(moment: number, lengthMs: number, open: readonly Pane[], sealedEnd: number): Pane {
  const around = open.find(({ start, end }) => start <= moment && moment < end);
  if (around !== undefined) return { start: around.start, end: around.end };
  const start = Math.floor(moment / lengthMs) * lengthMs;
  const slot = { start, end: start + lengthMs };
  if (moment < sealedEnd) return slot;
  const before = open.flatMap(({ end }) => (end <= moment ? end : []));
  const after = open.flatMap(({ start }) => (start > moment ? start : []));
  return { start: Math.max(slot.start, sealedEnd, ...before), end: Math.min(slot.end, ...after) };
}
