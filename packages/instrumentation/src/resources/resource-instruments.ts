import {
  type BatchObservableResult,
  type Histogram,
  type Meter,
  type MetricOptions,
  metrics,
  type Observable,
} from '@opentelemetry/api';
import { type ResourceMetricName, resourceMetrics, SCHEMA_URL, SCOPE_RESOURCES } from '@driftline/semantic-conventions';
import { isRegisteredInApi } from '../api-registration.ts';
import type { Clock } from '../clock.ts';
import { VERSION } from '../version.ts';
import type { Measurement } from './collectors/resource-collector.ts';
import type { ResourceMonitor } from './resource-monitor.ts';

const LOOK_AGAIN_MS = 5000;

/** The application's own metrics, as soon as it has registered a meter provider: the API tells nobody when. */
export class ResourceInstruments {
  readonly #metrics: readonly ResourceMetricName[];
  readonly #histograms = new Map<ResourceMetricName, Histogram>();
  #disconnect: () => void = () => {};

  constructor(names: readonly ResourceMetricName[]) {
    this.#metrics = names;
  }

  connect(monitor: ResourceMonitor, clock: Clock): void {
    if (isRegisteredInApi('metrics')) this.#register(monitor);
    else this.#disconnect = clock.after(LOOK_AGAIN_MS, () => this.connect(monitor, clock));
  }

  disconnect(): void {
    this.#disconnect();
    this.#histograms.clear();
  }

  record({ metric, value, attributes }: Measurement): void {
    this.#histograms.get(metric)?.record(value, attributes);
  }

  #register(monitor: ResourceMonitor): void {
    const meter = metrics.getMeter(SCOPE_RESOURCES, VERSION, { schemaUrl: SCHEMA_URL });
    const observables = new Map<ResourceMetricName, Observable>();
    for (const name of this.#metrics) {
      const definition = resourceMetrics[name];
      if (definition.instrument === 'histogram') {
        const advice = { explicitBucketBoundaries: [...definition.bounds] };
        this.#histograms.set(name, meter.createHistogram(name, { ...optionsOf(name), advice }));
      } else observables.set(name, createObservable[definition.instrument](meter, name, optionsOf(name)));
    }
    const observe = async (result: BatchObservableResult): Promise<void> => {
      for (const { metric, value, attributes } of await monitor.collect()) {
        const observable = observables.get(metric);
        if (observable !== undefined) result.observe(observable, value, attributes);
      }
    };
    const all = [...observables.values()];
    meter.addBatchObservableCallback(observe, all);
    this.#disconnect = () => meter.removeBatchObservableCallback(observe, all);
  }
}

const createObservable = {
  counter: (meter: Meter, name: string, options: MetricOptions) => meter.createObservableCounter(name, options),
  updowncounter: (meter: Meter, name: string, options: MetricOptions) =>
    meter.createObservableUpDownCounter(name, options),
  gauge: (meter: Meter, name: string, options: MetricOptions) => meter.createObservableGauge(name, options),
} as const;

function optionsOf(name: ResourceMetricName): MetricOptions {
  const { unit, brief } = resourceMetrics[name];
  return { unit, description: brief };
}
