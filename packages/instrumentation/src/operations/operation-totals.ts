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

/** A thousand models, versions and kinds of failure in one process are a mistake, and would grow for ever. */
const MAX_SERIES = 1000;

/** Our own accumulators since the process began: every reader keeps for itself what it has seen. */
export class OperationTotals implements OperationsRecorder {
  readonly startedAtMs: number = Date.now();
  readonly #durations = new Map<string, DurationTotal>();
  readonly #rows = new Map<string, NumberTotal>();
  readonly #active = new Map<string, NumberTotal>();

  get durations(): ReadonlyMap<string, Readonly<DurationTotal>> {
    return this.#durations;
  }

  get rows(): ReadonlyMap<string, Readonly<NumberTotal>> {
    return this.#rows;
  }

  get active(): ReadonlyMap<string, Readonly<NumberTotal>> {
    return this.#active;
  }

  started(series: CallSeries): void {
    add(this.#active, series.modelKey, 1, () => series.byModel);
  }

  ended(series: CallSeries, { seconds, rows, errorType }: CallOutcome): void {
    const withError = (key: string): string => (errorType === undefined ? key : `${key} ${errorType}`);
    const failure = (): Attributes => (errorType === undefined ? {} : { [ATTR_ERROR_TYPE]: errorType });
    add(this.#active, series.modelKey, -1, () => series.byModel);
    add(this.#rows, withError(series.modelKey), rows, () => ({ ...series.byModel, ...failure() }));
    const duration = entry(this.#durations, withError(series.callKey), () => ({
      metric: series.durationMetric,
      attributes: { ...series.byCall, ...failure() },
      counts: new Float64Array(PREDICTION_DURATION_BOUNDS.length + 1),
      sum: 0,
    }));
    if (duration === undefined) return;
    const bucket = bucketOf(seconds);
    duration.counts[bucket] = (duration.counts[bucket] ?? 0) + 1;
    duration.sum += seconds;
  }
}

function add(totals: Map<string, NumberTotal>, key: string, change: number, attributes: () => Attributes): void {
  const total = entry(totals, key, () => ({ attributes: attributes(), value: 0 }));
  if (total !== undefined) total.value += change;
}

function entry<Total>(totals: Map<string, Total>, key: string, create: () => Total): Total | undefined {
  const known = totals.get(key);
  if (known !== undefined || totals.size >= MAX_SERIES) return known;
  const fresh = create();
  totals.set(key, fresh);
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
