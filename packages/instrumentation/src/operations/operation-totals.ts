import type { Attributes } from '@opentelemetry/api';
import { ATTR_ERROR_TYPE, PREDICTION_DURATION_BOUNDS } from '@driftline/semantic-conventions';
import type { CallSeries } from './call-series.ts';
import type { CallOutcome, OperationsRecorder } from './operations-recorder.ts';

export interface DurationTotal {
  readonly metric: CallSeries['durationMetric'];
  readonly attributes: Attributes;
  readonly counts: Float64Array;
  sum: number;
}

export interface NumberTotal {
  readonly attributes: Attributes;
  value: number;
}

/** What a call adds to, found once for each series and kind of failure. */
interface CallTotals {
  readonly duration: DurationTotal;
  readonly rows: NumberTotal;
  readonly active: NumberTotal;
}

/** A thousand models, versions and kinds of failure in one process are a mistake, and would grow for ever. */
const MAX_SERIES = 1000;

/** Our own accumulators since the process began: every reader keeps for itself what it has seen. */
export class OperationTotals implements OperationsRecorder {
  readonly startedAtMs: number = Date.now();
  readonly durations: Map<string, DurationTotal> = new Map();
  readonly rows: Map<string, NumberTotal> = new Map();
  readonly active: Map<string, NumberTotal> = new Map();
  readonly #succeeding = new WeakMap<CallSeries, CallTotals>();

  started(series: CallSeries): void {
    this.#totalsOf(series).active.value++;
  }

  ended(series: CallSeries, { seconds, rows, errorType }: CallOutcome): void {
    const totals = errorType === undefined ? this.#totalsOf(series) : this.#newTotals(series, errorType);
    totals.active.value--;
    totals.rows.value += rows;
    const bucket = bucketOf(seconds);
    totals.duration.counts[bucket] = (totals.duration.counts[bucket] ?? 0) + 1;
    totals.duration.sum += seconds;
  }

  #totalsOf(series: CallSeries): CallTotals {
    const known = this.#succeeding.get(series);
    if (known !== undefined) return known;
    const totals = this.#newTotals(series);
    this.#succeeding.set(series, totals);
    return totals;
  }

  #newTotals(series: CallSeries, errorType?: string): CallTotals {
    const { modelKey, callKey, byModel, byCall, durationMetric: metric } = series;
    const suffix = errorType === undefined ? '' : ` ${errorType}`;
    const failure: Attributes = errorType === undefined ? {} : { [ATTR_ERROR_TYPE]: errorType };
    return {
      active: entry(this.active, modelKey, { attributes: byModel, value: 0 }),
      rows: entry(this.rows, modelKey + suffix, { attributes: { ...byModel, ...failure }, value: 0 }),
      duration: entry(this.durations, callKey + suffix, {
        metric,
        attributes: { ...byCall, ...failure },
        counts: new Float64Array(PREDICTION_DURATION_BOUNDS.length + 1),
        sum: 0,
      }),
    };
  }
}

/** Series with the same attributes share a total; past the bound a total is one that nobody reads. */
function entry<Total>(totals: Map<string, Total>, key: string, fresh: Total): Total {
  const known = totals.get(key);
  if (known !== undefined) return known;
  if (totals.size < MAX_SERIES) totals.set(key, fresh);
  return fresh;
}

/** Bucket i holds (bounds[i-1], bounds[i]]. Seventeen bounds are faster walked than halved. */
function bucketOf(seconds: number): number {
  let bucket = 0;
  for (const bound of PREDICTION_DURATION_BOUNDS) {
    if (seconds <= bound) break;
    bucket++;
  }
  return bucket;
}
