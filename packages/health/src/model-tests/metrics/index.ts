import { accuracy } from './accuracy.ts';
import { brier } from './brier.ts';
import { f1 } from './f1.ts';
import { logLoss } from './log-loss.ts';
import { mae } from './mae.ts';
import type { Metric } from './metric.ts';
import { precision } from './precision.ts';
import { r2 } from './r2.ts';
import { recall } from './recall.ts';
import { rmse } from './rmse.ts';
import { rocAuc } from './roc-auc.ts';

/** The registry: one line a metric, by the name that settings and telemetry use. */
export const metrics = {
  accuracy,
  precision,
  recall,
  f1,
  roc_auc: rocAuc,
  log_loss: logLoss,
  brier,
  mae,
  rmse,
  r2,
} as const satisfies Readonly<Record<string, Metric>>;

export type MetricName = keyof typeof metrics;
