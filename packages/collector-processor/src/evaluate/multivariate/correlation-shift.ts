import { LEAST_REFERENCE_ROWS, LEAST_ROWS } from '../drift/decision/least-rows.ts';
import { adjustForMany } from '../drift/decision/benjamini-hochberg.ts';
import type { Floor } from '../drift/decision/part-test.ts';
import type { DriftState } from '../measurement.ts';
import type { ComparedMoments } from './compared-moments.ts';
import { correlationTest, type PairTest } from './correlation-test.ts';

/** Two features whose correlation was tested. */
export interface PairVerdict extends PairTest {
  readonly features: readonly [string, string];
  readonly pAdjusted: number;
}

export interface CorrelationVerdict {
  readonly state: DriftState;
  /** Of the changed pair with the largest change; without one, of the pair that changed most surely. */
  readonly size: number;
  /** Frobenius norm of the change of the correlation matrix, the noise of few rows taken off. */
  readonly frobenius: number;
  readonly threshold: number;
  /** The smallest change of two unrelated features that so many rows would show as drift in four of five cases. */
  readonly detectableSize: number;
  /** The least of all pairs, adjusted for their number. */
  readonly p: number;
  readonly direction: string;
  readonly calibrated: boolean;
  /** Rows with a value in every feature, as far as they were sampled. */
  readonly rows: number;
  readonly testedPairs: number;
  /** Those that changed, the largest change first. */
  readonly pairs: readonly PairVerdict[];
}

/** Of a correlation: 0.1 is Cohen's "small" and warns, twice that acts. */
export const CORRELATION_FLOOR: Floor = { warning: 0.1, drift: 0.2 };

/**
 * So many rows for each unit of kurtosis of the product: below, one coincidence of two rare values is a correlation. With half
 * as many, copies of a column with 5 % ones left 1e-7 three times as often as they should (`test/simulation`).
 */
const ROWS_PER_KURTOSIS = 4;
/**
 * Of a reference that is smaller than the window: its rows decide, and are also all that tells how they scatter. With fewer, lognormal
 * columns left 1e-7 some thirty times as often as they should.
 */
const ROWS_PER_KURTOSIS_OF_SMALLER_REFERENCE = 20;
const MOST_PAIRS_TOLD = 5;
/** Power of 80 %: the standard normal's 0.8 quantile. */
const Z80 = 0.84;

/** How far the correlations of a window are from those of the reference, and which pairs of features changed. */
export function correlationShift(compared: ComparedMoments, alpha: number, minRows = LEAST_ROWS): CorrelationVerdict {
  const tested = testedPairs(compared, minRows);
  const changed = tested
    .filter((pair) => isSure(pair, alpha) && pair.size >= CORRELATION_FLOOR.warning)
    .toSorted((one, other) => other.size - one.size);
  const surest = tested.toSorted((one, other) => one.p - other.p)[0];
  const [largest] = changed;
  return {
    state: stateOf(surest, largest),
    size: (largest ?? surest)?.size ?? 0,
    frobenius: frobenius(tested),
    threshold: CORRELATION_FLOOR.drift,
    detectableSize: detectableSize(compared, tested.length, alpha),
    p: surest?.pAdjusted ?? 1,
    direction: changed.length === 0 ? 'unchanged' : inWords(changed),
    calibrated: compared.isCalibrated,
    rows: compared.rows.current,
    testedPairs: tested.length,
    pairs: changed.slice(0, MOST_PAIRS_TOLD),
  };
}

function testedPairs(compared: ComparedMoments, minRows: number): readonly PairVerdict[] {
  const { names, reference, current, rows } = compared;
  if (rows.current < minRows || rows.reference < LEAST_REFERENCE_ROWS) return [];
  const tested = names.flatMap((name, first) =>
    names.slice(0, first).flatMap((other, second) => {
      const known = reference.correlation(first, second);
      const now = current.correlation(first, second);
      const shape = compared.pair(first, second);
      // A feature that does not vary goes together with none.
      if (known === undefined || now === undefined) return [];
      const kurtosis = shape.kurtosis * shape.phi;
      if (Math.min(rows.current, rows.reference) < ROWS_PER_KURTOSIS * kurtosis) return [];
      const isSmaller = rows.reference < rows.current;
      if (isSmaller && rows.reference < ROWS_PER_KURTOSIS_OF_SMALLER_REFERENCE * kurtosis) return [];
      return { features: [other, name] as const, ...correlationTest({ reference: known, current: now }, rows, shape) };
    }),
  );
  const adjusted = adjustForMany(tested.map(({ p }) => p));
  return tested.map((pair, i) => ({ ...pair, pAdjusted: adjusted[i] ?? 1 }));
}

function isSure({ pAdjusted }: PairVerdict, alpha: number): boolean {
  return pAdjusted < alpha;
}

function stateOf(surest: PairVerdict | undefined, largestChange: PairVerdict | undefined): DriftState {
  if (surest === undefined) return 'insufficient_data';
  if (largestChange === undefined) return 'ok';
  return largestChange.size >= CORRELATION_FLOOR.drift ? 'drift' : 'warning';
}

function frobenius(tested: readonly PairVerdict[]): number {
  const squares = tested.reduce(
    (sum, { reference, current, standardError }) => sum + (current - reference) ** 2 - standardError ** 2,
    0,
  );
  return Math.sqrt(Math.max(0, 2 * squares));
}

/** As for features: of normal rows, with the level of one of so many pairs. */
function detectableSize({ rows }: ComparedMoments, pairs: number, alpha: number): number {
  const noise = Math.sqrt(1 / Math.max(1, rows.reference - 3) + 1 / Math.max(1, rows.current - 3));
  const bySignificance = (Math.sqrt(2 * Math.log((2 * Math.max(1, pairs)) / alpha)) + Z80) * noise;
  return Math.min(2, Math.max(Math.tanh(bySignificance), CORRELATION_FLOOR.drift + Z80 * noise));
}

/** "distance and planned_time 0.97 → 0.12, 3 more pairs" */
function inWords(changed: readonly PairVerdict[]): string {
  const told = changed
    .slice(0, 2)
    .map(({ features, reference, current }) => `${features.join(' and ')} ${inShort(reference)} → ${inShort(current)}`);
  const more = changed.length - told.length;
  return [...told, ...(more > 0 ? [`${more} more ${more === 1 ? 'pair' : 'pairs'}`] : [])].join(', ');
}

function inShort(correlation: number): string {
  return String(Number(correlation.toFixed(2)));
}
