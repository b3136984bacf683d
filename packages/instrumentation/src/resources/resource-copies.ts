import { type ResourceMetricName, resourceMetrics, SCHEMA_URL, SCOPE_RESOURCES } from '@driftline/semantic-conventions';
import type { Clock } from '../clock.ts';
import type { Faults } from '../faults.ts';
import type { OtlpRequest, OtlpSender } from '../lane/otlp-sender.ts';
import { type Attributes, keyValues } from '../otlp/attributes.ts';
import type { MetricsRequest } from '../otlp/messages.ts';
import { VERSION } from '../version.ts';
import type { Measurement } from './collectors/resource-collector.ts';
import type { ResourceMonitor } from './resource-monitor.ts';

export interface ResourceCopiesOptions {
  readonly monitor: ResourceMonitor;
  readonly copied: ReadonlySet<ResourceMetricName>;
  readonly sender: OtlpSender;
  readonly resource: () => Attributes;
  readonly clock: Clock;
  readonly random: () => number;
  readonly faults: Faults;
  readonly periodMs: number;
}

const NS_PER_MS = 1_000_000n;
const LONGEST_FIRST_DELAY_MS = 10_000;

/**
 * A few gauges a minute to the drift service, beside the sketches. Last value wins there, so one that cannot be delivered
 * is forgotten: the next is on its way.
 */
export class ResourceCopies {
  readonly #options: ResourceCopiesOptions;
  #cancel: () => void = () => {};

  constructor(options: ResourceCopiesOptions) {
    this.#options = options;
  }

  /** Processes that started together spread out. */
  start(): void {
    const { random, periodMs } = this.#options;
    this.#sendEvery(periodMs, random() * Math.min(periodMs, LONGEST_FIRST_DELAY_MS));
  }

  stop(): void {
    this.#cancel();
  }

  async send(): Promise<void> {
    const { monitor, copied, sender, resource, clock, faults } = this.#options;
    const measurements = (await monitor.collect()).filter(({ metric }) => copied.has(metric));
    if (measurements.length === 0) return;
    const timeUnixNano = String(BigInt(clock.now()) * NS_PER_MS);
    const delivery = await sender.send(gaugesRequest(measurements, resource(), timeUnixNano));
    if (delivery.kind !== 'delivered')
      faults.count({
        stage: 'export',
        topic: 'resources',
        message: `${sender.endpoint} did not take resource gauges (${delivery.reason}). Newer ones follow.`,
      });
  }

  #sendEvery(periodMs: number, delayMs: number): void {
    this.#cancel = this.#options.clock.after(delayMs, () => {
      void this.send();
      this.#sendEvery(periodMs, periodMs);
    });
  }
}

const encoder = new TextEncoder();

function gaugesRequest(measurements: readonly Measurement[], resource: Attributes, timeUnixNano: string): OtlpRequest {
  const request: MetricsRequest = {
    resourceMetrics: [
      {
        resource: { attributes: keyValues(resource) },
        scopeMetrics: [
          {
            scope: { name: SCOPE_RESOURCES, version: VERSION },
            schemaUrl: SCHEMA_URL,
            metrics: [...Map.groupBy(measurements, ({ metric }) => metric)].map(([name, ofMetric]) => ({
              name,
              unit: resourceMetrics[name].unit,
              gauge: {
                dataPoints: ofMetric.map(({ value, attributes = {} }) => ({
                  attributes: keyValues(attributes),
                  timeUnixNano,
                  asDouble: value,
                })),
              },
            })),
          },
        ],
      },
    ],
  };
  return { path: '/v1/metrics', body: encoder.encode(JSON.stringify(request)) };
}
