import {
  type Counter,
  type Histogram,
  type MeterProvider,
  type MetricOptions,
  metrics,
  type UpDownCounter,
  ValueType,
} from '@opentelemetry/api';
import {
  ATTR_ERROR_TYPE,
  METRIC_ML_CLIENT_PREDICTION_DURATION,
  METRIC_ML_PREDICTION_ACTIVE,
  METRIC_ML_PREDICTION_DURATION,
  METRIC_ML_PREDICTION_ROWS,
  operationMetrics,
  SCHEMA_URL,
  SCOPE_INSTRUMENTATION,
} from '@driftline/semantic-conventions';
import { VERSION } from '../version.ts';
import type { CallSeries } from './call-series.ts';
import type { CallOutcome, OperationsRecorder } from './operations-recorder.ts';

/** Through the application's own OpenTelemetry set-up, whatever SDK that is. */
export class ApiOperations implements OperationsRecorder {
  #provider: MeterProvider | undefined;
  #instruments: Instruments | undefined;

  started(series: CallSeries): void {
    this.#current().active.add(1, series.byModel);
  }

  ended(series: CallSeries, { seconds, rows, errorType }: CallOutcome): void {
    const { active, rows: rowCounter, durations } = this.#current();
    active.add(-1, series.byModel);
    const duration = durations[series.durationMetric];
    if (errorType === undefined) {
      duration.record(seconds, series.byCall);
      rowCounter.add(rows, series.byModel);
    } else {
      duration.record(seconds, { ...series.byCall, [ATTR_ERROR_TYPE]: errorType });
      rowCounter.add(rows, { ...series.byModel, [ATTR_ERROR_TYPE]: errorType });
    }
  }

  /** Instruments made before the application registers its SDK would stay mute for ever. */
  #current(): Instruments {
    const provider = metrics.getMeterProvider();
    if (this.#instruments === undefined || provider !== this.#provider) {
      this.#provider = provider;
      this.#instruments = instrumentsOf(provider);
    }
    return this.#instruments;
  }
}

interface Instruments {
  readonly active: UpDownCounter;
  readonly rows: Counter;
  readonly durations: Readonly<Record<CallSeries['durationMetric'], Histogram>>;
}

function instrumentsOf(provider: MeterProvider): Instruments {
  const meter = provider.getMeter(SCOPE_INSTRUMENTATION, VERSION, { schemaUrl: SCHEMA_URL });
  const duration = (name: CallSeries['durationMetric']) =>
    meter.createHistogram(name, {
      ...described(name),
      advice: { explicitBucketBoundaries: [...operationMetrics[name].bounds] },
    });
  return {
    active: meter.createUpDownCounter(METRIC_ML_PREDICTION_ACTIVE, counted(METRIC_ML_PREDICTION_ACTIVE)),
    rows: meter.createCounter(METRIC_ML_PREDICTION_ROWS, counted(METRIC_ML_PREDICTION_ROWS)),
    durations: {
      [METRIC_ML_PREDICTION_DURATION]: duration(METRIC_ML_PREDICTION_DURATION),
      [METRIC_ML_CLIENT_PREDICTION_DURATION]: duration(METRIC_ML_CLIENT_PREDICTION_DURATION),
    },
  };
}

function counted(name: keyof typeof operationMetrics): MetricOptions {
  return { ...described(name), valueType: ValueType.INT };
}

function described(name: keyof typeof operationMetrics): { readonly unit: string; readonly description: string } {
  return { unit: operationMetrics[name].unit, description: operationMetrics[name].brief };
}
