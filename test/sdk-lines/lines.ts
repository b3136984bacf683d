import { type SdkLine, whatOursDependOn } from './sdk-line.ts';

const others = whatOursDependOn();

/** The oldest and the newest line of OpenTelemetry's SDK that we support. */
export const lines: readonly SdkLine[] = [
  {
    name: 'opentelemetry-sdk-2.12',
    dependencies: {
      '@opentelemetry/api': '1.9.1',
      '@opentelemetry/sdk-node': '0.223.0',
      '@opentelemetry/sdk-metrics': '2.12.0',
      '@opentelemetry/exporter-metrics-otlp-http': '0.223.0',
      ...others,
    },
  },
  {
    name: 'opentelemetry-sdk-3.1',
    dependencies: {
      '@opentelemetry/api': '1.10.0',
      '@opentelemetry/sdk-node': '0.301.0',
      '@opentelemetry/sdk-metrics': '3.1.0',
      '@opentelemetry/exporter-metrics-otlp-http': '0.301.0',
      ...others,
    },
  },
];
