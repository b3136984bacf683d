import type { selfMetrics } from '@driftline/semantic-conventions';
import type { ResultPoint } from './gauges.ts';

type SelfMetrics = typeof selfMetrics;
type Named<Instrument> = {
  [Name in keyof SelfMetrics]: SelfMetrics[Name]['instrument'] extends Instrument ? Name : never;
}[keyof SelfMetrics];

/** What the service counts about itself. Attributes are words of ours and names of models. */
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
    const known = this.#points.get(key);
    // Models come and go: what is over the bound is counted together.
    if (known === undefined && this.#points.size >= MOST_NAMED && Object.keys(attributes).length > 0) {
      this.#put(metric, {}, next);
      return;
    }
    const shared = { resource: this.#resource, since: this.#since, dispensability: 0 } as const;
    this.#points.set(key, { metric, attributes, value: next(known?.value ?? 0), ...shared });
  }
}

const MOST_NAMED = 1_000;
