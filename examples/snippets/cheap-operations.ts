import { startDriftline } from '@driftline/instrumentation';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { NodeSDK } from '@opentelemetry/sdk-node';

export const driftline = startDriftline();

const sdk = new NodeSDK({
  metricReaders: [
    new PeriodicExportingMetricReader({
      exporter: new OTLPMetricExporter(),
      metricProducers: [driftline.metricProducer({ temporality: 'cumulative' })],
    }),
  ],
});
sdk.start();
