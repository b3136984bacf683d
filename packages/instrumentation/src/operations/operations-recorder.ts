import type { CallSeries } from './call-series.ts';

/** Where latency, throughput and calls under way are recorded. */
export interface OperationsRecorder {
  started(series: CallSeries): void;
  ended(series: CallSeries, outcome: CallOutcome): void;
}

export interface CallOutcome {
  readonly seconds: number;
  readonly rows: number;
  /** Only of failed calls. */
  readonly errorType?: string;
}
