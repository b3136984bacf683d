import { type Attributes, metrics, type Tracer } from '@opentelemetry/api';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { monitorModel, rowAnomalies, startDriftline } from '@driftline/instrumentation';
import { bench, do_not_optimize, group, summary } from 'mitata';
import { z } from 'zod';
import { profileOfRows } from '../support/profile-of-rows.ts';
import { normal, seededProfile, seededRandom } from '../support/seeded-profile.ts';
import { realTracer } from './real-tracer.ts';

const FEATURES = 30;

type Row = Readonly<Record<string, number>>;

/** What watching a prediction costs: each with a real SDK 3 tracer, a batch processor and a context manager. */
export function predictBenchmarks(): void {
  const tracer = realTracer();
  const profile = seededProfile({ numericFeatures: FEATURES, outputs: ['score'] });
  const monitor = monitorModel({ profile });
  const random = seededRandom(1);
  const rows = Array.from({ length: 256 }, () => rowOf(random));
  let turn = 0;
  const nextRow = (): Row => rows[turn++ % rows.length] ?? {};

  group(`a prediction with ${FEATURES} numeric features`, () => {
    summary(() => {
      bench('bare span with 8 attributes', () => do_not_optimize(withSpan(tracer, model, nextRow()))).baseline();

      const watched = monitor.wrap(model);
      bench('monitored, operations through an SDK without metrics', () => do_not_optimize(watched(nextRow())));

      bench('monitored, with metricProducer()', function* () {
        const driftline = startDriftline({ service: 'bench' });
        driftline.metricProducer();
        yield () => do_not_optimize(watched(nextRow()));
        void driftline.shutdown({ timeoutMs: 0 });
      });

      const schema = z.object(Object.fromEntries(Array.from({ length: FEATURES }, (_, i) => [`x${i}`, z.number()])));
      for (const [name, options] of [
        ['a schema of zod', { features: schema }],
        ['quality: { duplicates: true }', { quality: { duplicates: true } }],
        ["quality: { distinct: 'all' }", { quality: { distinct: 'all' } }],
      ] as const) {
        bench(`the same with ${name}`, function* () {
          const driftline = startDriftline({ service: 'bench' });
          driftline.metricProducer();
          const checked = monitorModel({ profile, ...options }).wrap(model);
          yield () => do_not_optimize(checked(nextRow()));
          void driftline.shutdown({ timeoutMs: 0 });
        });
      }

      for (const [name, together] of [
        ['by correlations', true],
        ['one by one', false],
      ] as const) {
        bench(`the same with anomalies: rowAnomalies, ${name}`, function* () {
          const driftline = startDriftline({ service: 'bench' });
          driftline.metricProducer();
          const own = profileOfRows(rows, { together });
          const scored = monitorModel({ profile: own, anomalies: rowAnomalies }).wrap(model);
          yield () => do_not_optimize(scored(nextRow()));
          void driftline.shutdown({ timeoutMs: 0 });
        });
      }

      bench('the same, sampled out by sampling: { ratio: 0 }', function* () {
        const driftline = startDriftline({ service: 'bench' });
        driftline.metricProducer();
        const unsampled = monitorModel({ profile, sampling: { ratio: 0, slowMs: 1000, anomalous: false } }).wrap(model);
        yield () => do_not_optimize(unsampled(nextRow()));
        void driftline.shutdown({ timeoutMs: 0 });
      });

      bench('monitored, operations through SDK metrics', function* () {
        registerMeterProvider();
        yield () => do_not_optimize(watched(nextRow()));
        metrics.disable();
      });

      bench('span and SDK histograms of the features alone', function* () {
        const sdk = sdkInstruments(registerMeterProvider());
        yield () => {
          const row = nextRow();
          sdk.recordValues(row);
          return do_not_optimize(withSpan(tracer, model, row));
        };
        metrics.disable();
      });

      bench('the same as monitored by SDK instruments', function* () {
        const sdk = sdkInstruments(registerMeterProvider());
        yield () => {
          const row = nextRow();
          sdk.recordValues(row);
          sdk.countStatuses();
          const startedAt = performance.now();
          const result = withSpan(tracer, model, row);
          sdk.recordOutputs(result.score, (performance.now() - startedAt) / 1000);
          return do_not_optimize(result);
        };
        metrics.disable();
      });
    });
  });
}

const model = (row: Row): { readonly score: number } => ({ score: row.x0 ?? 0 });

const byModel: Attributes = {
  'ml.model.name': 'seeded',
  'ml.model.version': '1',
  'ml.reference.id': 'sha256:0123456789abcdef',
};

const spanAttributes: Attributes = {
  'ml.model.name': 'seeded',
  'ml.model.version': '1',
  'ml.operation.name': 'predict',
  'ml.system.name': 'onnxruntime',
  'server.address': 'localhost',
  'server.port': 8080,
  'ml.operation.batch.size': 1,
  'ml.prediction.id': 'a-1',
};

function withSpan<Result>(tracer: Tracer, model: (row: Row) => Result, row: Row): Result {
  return tracer.startActiveSpan('predict seeded', { attributes: spanAttributes }, (span) => {
    try {
      return model(row);
    } finally {
      span.end();
    }
  });
}

/** What the sketches hold, said with SDK instruments: a distribution and a status a feature, the score, the latency. */
function sdkInstruments(provider: MeterProvider) {
  const features = Array.from({ length: FEATURES }, (_, i) => {
    const name = `x${i}`;
    const ofFeature = { ...byModel, 'ml.feature.name': name };
    return {
      name,
      value: { ...ofFeature, 'ml.feature.kind': 'numeric' },
      status: { ...ofFeature, 'ml.feature.observation.status': 'valid' },
    };
  });
  const advice = { explicitBucketBoundaries: Array.from({ length: 104 }, (_, i) => (i - 52) / 16) };
  const meter = provider.getMeter('bench');
  const values = meter.createHistogram('ml.feature.value', { advice });
  const statuses = meter.createCounter('ml.feature.observations');
  const outputs = meter.createHistogram('ml.output.value', { advice });
  const score = { ...byModel, 'ml.output.name': 'score' };
  const latency = { ...byModel, 'ml.output.name': 'latency' };
  return {
    recordValues: (row: Row) => {
      for (const { name, value } of features) values.record(Math.abs(row[name] ?? 0), value);
    },
    countStatuses: () => {
      for (const { status } of features) statuses.add(1, status);
    },
    recordOutputs: (scored: number, seconds: number) => {
      outputs.record(Math.abs(scored), score);
      outputs.record(seconds, latency);
    },
  };
}

function registerMeterProvider(): MeterProvider {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const provider = new MeterProvider({
    readers: [new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })],
  });
  metrics.setGlobalMeterProvider(provider);
  return provider;
}

function rowOf(random: () => number): Row {
  const entries = Array.from({ length: FEATURES }, (_, i) => [`x${i}`, normal(random)]);
  // As a request body makes it: an object built key by key would be a slow dictionary.
  return JSON.parse(JSON.stringify(Object.fromEntries(entries)));
}
