import { BucketEdges } from './bucket-edges.ts';
import { blankDistribution, type Distribution, mergeDistribution, onSameBuckets } from './distribution.ts';
import { EdgeHistogram } from './edge-histogram.ts';
import { ExponentialHistogram } from './exponential-histogram.ts';
import { addStatuses, isMissing, noStatuses, type StatusCounts } from './observation-status.ts';
import type { NumericReference } from './reference-profile.ts';

export type NumericDefinition = NumericReference | { readonly kind: 'numeric' };

/** Numbers, dates (as milliseconds) and big integers. */
export class NumericFeature {
  readonly kind = 'numeric';
  readonly name: string;
  readonly definition: NumericDefinition;
  readonly statuses: StatusCounts = noStatuses();
  /** On the reference's edges, or exponential without a reference. */
  readonly distribution: Distribution;
  /** Gets this feature's name with every value beyond the reference's extremes. */
  outside: Set<string> | undefined;
  readonly #min: number = -Infinity;
  readonly #max: number = Infinity;

  constructor(name: string, definition: NumericDefinition, distribution?: Distribution) {
    this.name = name;
    this.definition = definition;
    if ('edges' in definition) {
      this.distribution = distribution ?? new EdgeHistogram(BucketEdges.of(definition.edges));
      this.#min = definition.min;
      this.#max = definition.max;
    } else {
      this.distribution = distribution ?? new ExponentialHistogram();
    }
  }

  record(value: unknown): void {
    if (typeof value === 'number') this.#recordNumber(value);
    else this.#recordOther(value);
  }

  canMerge(other: NumericFeature): boolean {
    return onSameBuckets(this.distribution, other.distribution);
  }

  merge(other: NumericFeature): void {
    mergeDistribution(this.distribution, other.distribution);
    addStatuses(this.statuses, other.statuses);
  }

  clear(): void {
    this.distribution.clear();
    Object.assign(this.statuses, noStatuses());
  }

  blank(): NumericFeature {
    return new NumericFeature(this.name, this.definition, blankDistribution(this.distribution));
  }

  #recordNumber(x: number): void {
    this.distribution.record(x);
    if (x - x !== 0) this.statuses.not_a_number++;
    else if (x < this.#min || x > this.#max) {
      this.statuses.out_of_range++;
      this.outside?.add(this.name);
    } else this.statuses.valid++;
  }

  #recordOther(value: unknown): void {
    const number = numberOf(value);
    if (number !== undefined) this.#recordNumber(number);
    else if (isMissing(value)) this.statuses.missing++;
    else this.statuses.wrong_type++;
  }
}

/** Undefined for what is no number: text that looks like one is of the wrong type, as it would be for the model. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  return value instanceof Date ? value.getTime() : undefined;
}
