import { errorFunction } from 'simple-statistics';
import type { Horizon } from '../../measurement.ts';
import { type Bin, effectiveRows } from './bins.ts';

/** One way of looking at the data, and how sure it must be. */
export interface Look {
  readonly horizon: Horizon;
  /** Of the reference, and of a whole window or hour. */
  readonly rows: Bin;
  readonly phi: number;
  /** Whether it holds enough independent rows to be judged. */
  readonly isJudged: boolean;
  /** Of one test: the level of the horizon by the number of hypotheses. */
  readonly level: number;
}

export interface Delay {
  /** Windows after the change until it is drift in half of all cases; undefined where that takes longer than asked. */
  readonly median: number | undefined;
  /** The same in nine of ten. */
  readonly nineOfTen: number | undefined;
}

/** A size of a normal's shift on deciles, by the shift. */
const SIZE_PER_SHIFT = 0.977;

/**
 * In how many windows a normal that moved by `shift` standard deviations is drift. The location test sees it with
 *
 *     λ = √n · √12·(Φ(shift/√2) - 1/2),   n = N·M/(N+M)/phi,
 *
 * and is sure where |Z| > √(2·ln(2/level)); with the spread score beside it |Z| is about normal around √(λ² + 1). The
 * size has a standard error of 1/√n around 0.977·shift. An hour in which only some windows are changed saw that share
 * of the shift. Simulation: `npm run simulate -- horizons`.
 */
export function expectedDelay({
  shift,
  looks,
  floor,
  windowsInAnHour,
  most,
}: {
  readonly shift: number;
  readonly looks: readonly Look[];
  readonly floor: number;
  readonly windowsInAnHour: number;
  /** Windows to look ahead. */
  readonly most: number;
}): Delay {
  const missedAfter = (windows: number) =>
    looks.reduce((missed, look) => {
      if (!look.isJudged) return missed;
      if (look.horizon === 'window') return missed * (1 - detection(shift, look, floor)) ** windows;
      const changed = Math.min(1, windows / windowsInAnHour);
      const hours = Math.max(1, windows / windowsInAnHour);
      return missed * (1 - detection(shift * changed, look, floor)) ** hours;
    }, 1);
  const firstBelow = (missed: number) => {
    for (let windows = 1; windows <= most; windows++) if (missedAfter(windows) <= missed) return windows;
    return undefined;
  };
  return { median: firstBelow(0.5), nineOfTen: firstBelow(0.1) };
}

/** How likely one look is to be both sure and far enough. */
export function detection(shift: number, { rows, phi, level }: Look, floor: number): number {
  const root = Math.sqrt(effectiveRows(rows) / phi);
  const location = root * Math.sqrt(12) * (normalCdf(shift / Math.SQRT2) - 0.5);
  const isSure = normalCdf(Math.hypot(location, 1) - Math.sqrt(2 * Math.log(2 / level)));
  const isFar = normalCdf(root * (SIZE_PER_SHIFT * shift - floor));
  return Math.min(isSure, isFar);
}

function normalCdf(z: number): number {
  return (1 + errorFunction(z / Math.SQRT2)) / 2;
}
