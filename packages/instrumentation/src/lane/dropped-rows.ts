import { metrics } from '@opentelemetry/api';
import {
  ATTR_DRIFTLINE_INSTRUMENTATION_DROP_REASON,
  instrumentationMetrics,
  METRIC_DRIFTLINE_INSTRUMENTATION_DROPPED_ROWS,
  SCOPE_INSTRUMENTATION,
} from '@driftline/semantic-conventions';
import { VERSION } from '../version.ts';

/** Why sketches were given up. */
export type DropReason =
  /** Exports failed for too long, or more was recorded at once than may wait. */
  | 'buffer_full'
  /** The receiver will never take it. */
  | 'refused'
  /** Too few rows to hide one among them. */
  | 'minimum_rows'
  /** The process ends. */
  | 'shutdown'
  /** `startDriftline` was never called. */
  | 'not_started';

/** Rows whose sketches were given up: never silently. */
export class DroppedRows {
  readonly #byReason = new Map<DropReason, number>();

  get byReason(): Readonly<Partial<Record<DropReason, number>>> {
    return Object.fromEntries(this.#byReason);
  }

  add(reason: DropReason, rows: number): void {
    if (rows === 0) return;
    this.#byReason.set(reason, (this.#byReason.get(reason) ?? 0) + rows);
    const { unit, brief } = instrumentationMetrics[METRIC_DRIFTLINE_INSTRUMENTATION_DROPPED_ROWS];
    metrics
      .getMeter(SCOPE_INSTRUMENTATION, VERSION)
      .createCounter(METRIC_DRIFTLINE_INSTRUMENTATION_DROPPED_ROWS, { unit, description: brief })
      .add(rows, { [ATTR_DRIFTLINE_INSTRUMENTATION_DROP_REASON]: reason });
  }
}
