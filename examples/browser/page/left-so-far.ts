import type { Departure } from './departures.ts';
import { attributeOf, type HistogramPoint, metricsIn, type SumPoint } from './wire.ts';

/** A distribution as it left, and nothing else is known out there. */
export interface LeftDistribution {
  readonly bounds: readonly number[];
  readonly counts: number[];
}

/** All that has left this device since the page was opened, added up. */
export class LeftSoFar {
  requests = 0;
  bytes = 0;
  readonly distributions = new Map<string, LeftDistribution>();
  readonly classes = new Map<string, number>();

  get predictions(): number {
    return [...this.classes.values()].reduce((sum, count) => sum + count, 0);
  }

  add({ bytes, content }: Departure): void {
    this.requests++;
    this.bytes += bytes;
    for (const { name, histogram, sum } of metricsIn(content)) {
      if (name === 'ml.feature.value') for (const point of histogram?.dataPoints ?? []) this.#addDistribution(point);
      if (name === 'ml.output.category.observations') for (const point of sum?.dataPoints ?? []) this.#addClass(point);
    }
  }

  #addDistribution(point: HistogramPoint): void {
    const feature = attributeOf(point, 'ml.feature.name') ?? '';
    const { counts } = this.#distributionOf(feature, point);
    point.bucketCounts.forEach((count, i) => (counts[i]! += Number(count)));
  }

  #distributionOf(feature: string, { explicitBounds: bounds }: HistogramPoint): LeftDistribution {
    const known = this.distributions.get(feature);
    if (known !== undefined) return known;
    const empty = { bounds, counts: Array.from({ length: bounds.length + 1 }, () => 0) };
    this.distributions.set(feature, empty);
    return empty;
  }

  #addClass(point: SumPoint): void {
    const category = attributeOf(point, 'ml.feature.category') ?? '';
    this.classes.set(category, (this.classes.get(category) ?? 0) + Number(point.asInt));
  }
}
