/** One numeric feature of the co-moments, with the profile's mean and standard deviation. */
export interface StandardisedFeature {
  readonly name: string;
  readonly mean: number;
  readonly sd: number;
}

/**
 * What is further out counts as this many standard deviations. One wild row would otherwise be the whole correlation of a
 * window, and no test of it could keep its level on the heavy tails of real data.
 */
export const widestDeviation = 3;

export interface CoMomentsState {
  readonly features: readonly StandardisedFeature[];
  readonly count: number;
  readonly incomplete?: number | undefined;
  readonly means: ArrayLike<number>;
  readonly sums: ArrayLike<number>;
}

/**
 * Means and co-moments of standardised values, limited to ±3, over complete rows: what correlations are computed from.
 * Recorded after Welford, merged after Chan, Golub and LeVeque (1979): sums of products of deviations, so that no digits
 * are lost where a mean is large.
 */
export class CoMoments {
  readonly features: readonly StandardisedFeature[];
  count = 0;
  /** Rows left out because a value was missing or not finite. */
  incomplete = 0;
  readonly means: Float64Array;
  /** Σ(x-mean)(y-mean), the lower triangle with its diagonal by rows: xx, yx, yy, zx, zy, zz. */
  readonly sums: Float64Array;
  readonly #deviations: Float64Array;

  constructor(features: readonly StandardisedFeature[]) {
    this.features = features;
    this.means = new Float64Array(features.length);
    this.sums = new Float64Array((features.length * (features.length + 1)) / 2);
    this.#deviations = new Float64Array(features.length);
  }

  /** Throws a RangeError when means or sums do not fit the features. */
  static from({ features, count, incomplete = 0, means, sums }: CoMomentsState): CoMoments {
    const moments = new CoMoments(features);
    if (means.length !== moments.means.length || sums.length !== moments.sums.length) {
      throw new RangeError(
        `co-moments: ${means.length} means and ${sums.length} sums for ${features.length} features; ${moments.means.length} and ${moments.sums.length} are needed`,
      );
    }
    moments.count = count;
    moments.incomplete = incomplete;
    moments.means.set(means);
    moments.sums.set(sums);
    return moments;
  }

  /** A row's values in the order of the features, not yet standardised. */
  record(row: ArrayLike<number>): void {
    for (let i = 0; i < this.features.length; i++) {
      const value = standardised(row[i]!, this.features[i]!);
      if (value !== value) {
        this.incomplete++;
        return;
      }
      this.#deviations[i] = value - this.means[i]!;
    }
    this.count++;
    const remaining = (this.count - 1) / this.count;
    for (let i = 0, k = 0; i < this.features.length; i++) {
      const deviation = this.#deviations[i]!;
      this.means[i]! += deviation / this.count;
      for (let j = 0; j <= i; j++) this.sums[k++]! += deviation * this.#deviations[j]! * remaining;
    }
  }

  /** Throws a RangeError, and changes nothing, when the features differ. */
  merge(other: CoMoments): void {
    if (!isSame(this.features, other.features)) {
      throw new RangeError(
        'co-moments of different features, means or deviations do not merge; build both from one profile',
      );
    }
    this.incomplete += other.incomplete;
    const count = this.count + other.count;
    if (other.count === 0) return;
    for (let i = 0; i < this.means.length; i++) this.#deviations[i] = other.means[i]! - this.means[i]!;
    const weight = (this.count * other.count) / count;
    for (let i = 0, k = 0; i < this.means.length; i++) {
      for (let j = 0; j <= i; j++, k++) {
        this.sums[k]! += other.sums[k]! + this.#deviations[i]! * this.#deviations[j]! * weight;
      }
      this.means[i]! += (this.#deviations[i]! * other.count) / count;
    }
    this.count = count;
  }

  clear(): void {
    this.count = 0;
    this.incomplete = 0;
    this.means.fill(0);
    this.sums.fill(0);
  }

  /** Undefined where one of the two does not vary. */
  correlation(first: number, second: number): number | undefined {
    const scale = Math.sqrt(this.#sum(first, first) * this.#sum(second, second));
    return scale > 0 ? Math.max(-1, Math.min(1, this.#sum(first, second) / scale)) : undefined;
  }

  #sum(first: number, second: number): number {
    return this.sums[triangleIndex(first, second)] ?? 0;
  }
}

/** Where the pair stands in a lower triangle with its diagonal, kept by rows: xx, yx, yy, zx, ... */
export function triangleIndex(one: number, other: number): number {
  const row = Math.max(one, other);
  return (row * (row + 1)) / 2 + Math.min(one, other);
}

/** NaN for what is missing or not finite. */
export function standardised(value: number, { mean, sd }: Pick<StandardisedFeature, 'mean' | 'sd'>): number {
  const deviation = (value - mean) / (sd > 0 ? sd : 1);
  if (deviation - deviation !== 0) return Number.NaN;
  return deviation > widestDeviation ? widestDeviation : deviation < -widestDeviation ? -widestDeviation : deviation;
}

function isSame(ours: readonly StandardisedFeature[], theirs: readonly StandardisedFeature[]): boolean {
  if (ours === theirs) return true;
  return (
    ours.length === theirs.length &&
    ours.every(({ name, mean, sd }, i) => {
      const other = theirs[i]!;
      return name === other.name && mean === other.mean && sd === other.sd;
    })
  );
}
