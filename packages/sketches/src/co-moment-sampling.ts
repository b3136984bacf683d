import { CoMoments, type StandardisedFeature } from './co-moments.ts';
import type { FeatureDefinition } from './feature-sketch.ts';
import { numberOf } from './numeric-feature.ts';

/** 50 features have 1275 co-moments; more would cost a row more than all else. */
export const mostCoMomentFeatures = 50;

/** Takes one row in so many into the co-moments of a reference's numeric features. */
export class CoMomentSampling {
  readonly coMoments: CoMoments;
  readonly #every: number;
  readonly #numbers: Float64Array;
  #rowsToSkip = 0;

  /** Undefined where fewer than two features can vary together. */
  static of(definitions: Readonly<Record<string, FeatureDefinition>>, every: number): CoMomentSampling | undefined {
    const features = standardisedFeatures(definitions);
    return every > 0 && features.length > 1 ? new CoMomentSampling(features, every) : undefined;
  }

  private constructor(features: readonly StandardisedFeature[], every: number) {
    this.coMoments = new CoMoments(features);
    this.#every = every;
    this.#numbers = new Float64Array(features.length);
  }

  record(row: Readonly<Record<string, unknown>>): void {
    if (this.#rowsToSkip-- > 0) return;
    this.#rowsToSkip = this.#every - 1;
    for (let i = 0; i < this.#numbers.length; i++) {
      this.#numbers[i] = numberOf(row[this.coMoments.features[i]!.name]) ?? Number.NaN;
    }
    this.coMoments.record(this.#numbers);
  }

  recordColumns(columns: Readonly<Record<string, ArrayLike<unknown>>>, rows: number): void {
    const ours = this.coMoments.features.map(({ name }) => (Object.hasOwn(columns, name) ? columns[name] : undefined));
    for (; this.#rowsToSkip < rows; this.#rowsToSkip += this.#every) {
      ours.forEach((column, i) => (this.#numbers[i] = numberOf(column?.[this.#rowsToSkip]) ?? Number.NaN));
      this.coMoments.record(this.#numbers);
    }
    this.#rowsToSkip -= rows;
  }

  clear(): void {
    this.coMoments.clear();
    this.#rowsToSkip = 0;
  }
}

function standardisedFeatures(definitions: Readonly<Record<string, FeatureDefinition>>): StandardisedFeature[] {
  return Object.entries(definitions)
    .flatMap(([name, definition]) =>
      'edges' in definition ? [{ name, mean: definition.mean, sd: definition.sd }] : [],
    )
    .slice(0, mostCoMomentFeatures);
}
