import { BucketEdges, EdgeHistogram, ExponentialHistogram, type ReferenceProfile } from '@driftline/sketches';
import type { Attributes, HrTime } from '@opentelemetry/api';
import { AggregationTemporality, type MetricData, type ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { aService, exponential, histogram, metricsRequest, type Period, sum } from './otlp-requests.ts';
import { normal, seededRandom } from './seeded-profile.ts';
import type { WindowPeriod } from './simulated-service.ts';

export interface SimulatedSenderOptions {
  readonly profile: ReferenceProfile;
  /** Without it the sender has the features of the profile, and exponential buckets. True unless said otherwise. */
  readonly hasProfile?: boolean;
  /** `service.instance.id`: each instance is a writer. */
  readonly instance?: string;
  readonly temporality?: 'delta' | 'cumulative';
  readonly seed?: number;
}

export interface Rows {
  readonly rows: number;
  /** In standard deviations of the reference. */
  readonly shift?: number;
  readonly missing?: number;
}

interface Counted {
  readonly histogram: EdgeHistogram | ExponentialHistogram;
  valid: number;
  missing: number;
}

/** A service whose numeric features are standard normal, until they shift. */
export class SimulatedSender {
  readonly #options: SimulatedSenderOptions;
  readonly #random: () => number;
  #counted = new Map<string, Counted>();
  #startMs: number | undefined;

  constructor(options: SimulatedSenderOptions) {
    this.#options = options;
    this.#random = seededRandom(options.seed ?? 1);
  }

  /** One collection: the rows of the period or, cumulative, all since the first one. */
  collect(period: WindowPeriod, { rows, shift = 0, missing = 0 }: Rows): ResourceMetrics {
    const { profile, temporality = 'delta' } = this.#options;
    if (temporality === 'delta') this.reset();
    this.#startMs ??= period.start;
    for (const name of Object.keys(profile.features)) {
      const counted = this.#countedOf(name);
      counted.histogram.recordAll(Float64Array.from({ length: rows }, () => normal(this.#random) + shift));
      counted.valid += rows;
      counted.missing += missing;
    }
    return this.#request({ start: this.#startMs, end: period.end });
  }

  /** What a restarted process does: it counts from zero, from now on. */
  reset(): void {
    this.#counted = new Map();
    this.#startMs = undefined;
  }

  #countedOf(name: string): Counted {
    const known = this.#counted.get(name);
    if (known !== undefined) return known;
    const { profile, hasProfile = true } = this.#options;
    const reference = profile.features[name];
    if (reference?.kind !== 'numeric') throw new Error(`${name} is not numeric`);
    const histogram = hasProfile ? new EdgeHistogram(BucketEdges.of(reference.edges)) : new ExponentialHistogram();
    const counted = { histogram, valid: 0, missing: 0 };
    this.#counted.set(name, counted);
    return counted;
  }

  #request(period: WindowPeriod): ResourceMetrics {
    const { profile, instance = 'i-1', temporality } = this.#options;
    const times = { start: hrTime(period.start), end: hrTime(period.end) };
    const model = { 'ml.model.name': profile.model.name, 'ml.model.version': profile.model.version };
    const metrics = [...this.#counted].flatMap(([name, { histogram, valid, missing }]) => {
      const about: Attributes = { ...model, 'ml.feature.name': name };
      const counts = Object.entries({ valid, missing }).filter(([, value]) => value > 0);
      const statuses = counts.map(([status, value]) => {
        return { ...times, attributes: { ...about, 'ml.feature.observation.status': status }, value };
      });
      return [...(valid > 0 ? [distribution(histogram, times, about, profile.id)] : []), sum(statuses)];
    });
    const request = metrics.map((metric) => withTemporality(metric, temporality));
    return metricsRequest(request, { resource: { ...aService, 'service.instance.id': instance } });
  }
}

function distribution(sketch: Counted['histogram'], times: Period, about: Attributes, profileId: string): MetricData {
  const attributes = { ...about, 'ml.feature.kind': 'numeric' };
  if (sketch instanceof EdgeHistogram) {
    const { edges, counts, sum } = sketch;
    const onReference = { ...attributes, 'ml.reference.id': profileId };
    return histogram([{ ...times, attributes: onReference, edges: [...edges.values], counts: [...counts], sum }]);
  }
  const { scale, zeroCount, positive, negative, sum } = sketch;
  const buckets = ({ offset, counts }: typeof positive) => ({ offset, bucketCounts: [...counts] });
  return exponential([
    { ...times, attributes, scale, zeroCount, positive: buckets(positive), negative: buckets(negative), sum },
  ]);
}

export function hrTime(ms: number): HrTime {
  return [Math.floor(ms / 1_000), Math.round((ms % 1_000) * 1e6)];
}

function withTemporality(metric: MetricData, temporality: SimulatedSenderOptions['temporality']): MetricData {
  return temporality === 'cumulative'
    ? { ...metric, aggregationTemporality: AggregationTemporality.CUMULATIVE }
    : metric;
}
