import { HOUR_MS } from '../../../durations.ts';
import type { Horizon } from '../../measurement.ts';

const MONTH_MS = 30 * 24 * HOUR_MS;
/** However rarely a model is judged, a window may not be wrong more often than this. */
const LARGEST_ALPHA = 0.01;

/** Each closed window is judged, and with it the merged last hour, unless a window is that long itself. */
export function horizonsOf(windowMs: number): readonly Horizon[] {
  return windowMs < HOUR_MS ? ['window', '1h'] : ['window'];
}

/**
 * The level at which one horizon of one window is judged, so that a model whose data stand still raises this many
 * false alarms a month. The expectation needs no independence between windows or features.
 */
export function alphaOf(budget: {
  readonly falseAlarmsPerMonth: number;
  /** Between two judgements. */
  readonly stepMs: number;
  readonly horizons: number;
}): number {
  const perWindow = (budget.falseAlarmsPerMonth * budget.stepMs) / MONTH_MS;
  return Math.min(LARGEST_ALPHA, perWindow) / budget.horizons;
}
