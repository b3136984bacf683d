import type { selfMetrics } from '@driftline/semantic-conventions';
import type { ResultPoint } from './gauges.ts';

type SelfMetrics = typeof selfMetrics;
type Named<Instrument> = {
  [Name in keyof SelfMetrics]: SelfMetrics[Name]['instrument'] extends Instrument ? Name : never;
}[keyof SelfMetrics];

/** What the service counts about itself. Attributes are few words of ours, never a value from outside. */
export class SelfTelemetry {
  readonly #resource: Readonly<Record<string, string>>;
  readonly #since: number;
  readonly #points = new Map<string, ResultPoint>();

  constructor(resource: Readonly<Record<string, string>>, since: number) {
    this.#resource = resource;
    this.#since = since;
  }

  count(metric: Named<'counter'>, attributes: ResultPoint['attributes'] = {}, by = 1): void {
    this.#put(metric, attributes, (value) => value + by);
  }

  set(metric: Named<'gauge'>, value: number, attributes: ResultPoint['attributes'] = {}): void {
    this.#put(metric, attributes, () => value);
  }

  points(): readonly ResultPoint[] {
    return [...this.#points.values()];
  }

  #put(metric: keyof SelfMetrics, attributes: ResultPoint['attributes'], next: (value: number) => number): void {
    const key = JSON.stringify([metric, attributes]);
    const value = next(this.#points.get(key)?.value ?? 0);
    const shared = { resource: this.#resource, since: this.#since, dispensability: 0 } as const;
    this.#points.set(key, { metric, attributes, value, ...shared });
  }
}
