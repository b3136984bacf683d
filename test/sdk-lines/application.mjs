// A service as users write it. It runs in projects with different lines of OpenTelemetry's SDK, from built packages.
import { monitorModel } from '@driftline/instrumentation';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { NodeSDK } from '@opentelemetry/sdk-node';

const starts = {
  // The application owns its SDK: there is nothing to attach.
  'own-sdk': async () => {
    const { startDriftline } = await import('@driftline/instrumentation');
    const sdk = new NodeSDK({ serviceName: 'hiring-api' });
    sdk.start();
    return { driftline: startDriftline(), stop: () => sdk.shutdown() };
  },
  // Two readers, each with a producer of its own.
  'metric-producer': async () => {
    const { startDriftline } = await import('@driftline/instrumentation');
    const driftline = startDriftline();
    const inMemory = new InMemoryMetricExporter(AggregationTemporality.DELTA);
    const readers = [
      new PeriodicExportingMetricReader({
        exporter: new OTLPMetricExporter(),
        metricProducers: [driftline.metricProducer({ temporality: 'cumulative' })],
      }),
      new PeriodicExportingMetricReader({ exporter: inMemory, metricProducers: [driftline.metricProducer()] }),
    ];
    const sdk = new NodeSDK({ serviceName: 'hiring-api', metricReaders: readers });
    sdk.start();
    const stop = async () => {
      await readers[1].forceFlush();
      console.log(JSON.stringify(inMemory.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics)));
      await sdk.shutdown();
    };
    return { driftline, stop };
  },
  // No SDK anywhere: the Node entry brings one up.
  node: async () => {
    const { startDriftline } = await import('@driftline/instrumentation/node');
    return { driftline: startDriftline({ service: 'hiring-api' }), stop: async () => {} };
  },
  // No SDK, and the core alone.
  alone: async () => {
    const { startDriftline } = await import('@driftline/instrumentation');
    return { driftline: startDriftline({ service: 'hiring-api' }), stop: async () => {} };
  },
};

const { driftline, stop } = await starts[process.argv[2]]();
const monitor = monitorModel({ name: 'fraud', version: '7', features: { amount: 'numeric' } });
const predict = monitor.wrap(async ({ amount }) => {
  if (amount < 0) throw new RangeError('negative');
  return { score: amount / 100 };
});

for (let amount = 0; amount < 20; amount++) await predict({ amount });
await predict({ amount: -1 }).catch(() => {});
await driftline.flush();
await stop();
await driftline.shutdown();
