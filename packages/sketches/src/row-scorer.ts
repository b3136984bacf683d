import { mostCoMomentFeatures } from './co-moment-sampling.ts';
import { correlationFactor, type CorrelationFactor } from './correlation-factor.ts';
import { numberOf } from './numeric-feature.ts';
import type { FeatureReference, NumericReference, ReferenceProfile } from './reference-profile.ts';

/** What a profile tells of how far a row is from the usual. */
export type ScoringReference = Pick<ReferenceProfile, 'features' | 'coMoments'>;

/**
 * Scores rows by a profile's numeric features, at most 50: where the profile knows how they vary together and the row has
 * all of them, by Mahalanobis' distance D as √(D²/features), so that combinations count that no feature shows; else by
 * the root mean square of robust z, which are distances from the median in normal quartile ranges. Categories and
 * embeddings do not count. Undefined where the profile has no numeric feature that varies.
 */
export function rowScorer(profile: ScoringReference): ProfileScorer | undefined {
  const scored = scoredFeatures(profile);
  return scored.length === 0 ? undefined : new ProfileScorer(scored, correlationFactor(profile.coMoments, scored));
}

/** Where values of a feature lie, by quartiles and by the moments that its correlations were taken of. */
interface ScoredFeature {
  readonly name: string;
  readonly mean: number;
  readonly sd: number;
  readonly median: number;
  /** The range from quartile to quartile of a normal distribution is 1.349 of its standard deviations. */
  readonly spread: number;
}

const MOST_NAMED = 3;
/** Standard deviations: anything beyond is as odd, and squares of it stay finite. */
const FURTHEST = 1e6;

/** The names of a row are those of the row that was scored last. */
export class ProfileScorer {
  readonly #features: readonly ScoredFeature[];
  readonly #factor: CorrelationFactor | undefined;
  readonly #values: Float64Array;
  readonly #deviations: Float64Array;
  /** Each feature's part of the squared distance. */
  readonly #parts: Float64Array;

  constructor(features: readonly ScoredFeature[], factor: CorrelationFactor | undefined) {
    this.#features = features;
    this.#factor = factor;
    this.#values = new Float64Array(features.length);
    this.#deviations = new Float64Array(features.length);
    this.#parts = new Float64Array(features.length);
  }

  get features(): readonly string[] {
    return this.#features.map(({ name }) => name);
  }

  /** About 1 for an ordinary row of the reference, 0 for the most ordinary one; undefined where it has no number to judge. */
  score(row: Readonly<Record<string, unknown>>): number | undefined {
    for (let i = 0; i < this.#values.length; i++) this.#values[i] = finite(row[this.#features[i]!.name]);
    return this.#score();
  }

  /** The same of one row of columns. */
  scoreAt(columns: Readonly<Record<string, ArrayLike<unknown>>>, row: number): number | undefined {
    for (let i = 0; i < this.#values.length; i++) this.#values[i] = finite(columns[this.#features[i]!.name]?.[row]);
    return this.#score();
  }

  /** At most three features that made it so, the most first. */
  topFeatures(): string[] {
    const top: string[] = [];
    while (top.length < MOST_NAMED) {
      let most = 0;
      let name: string | undefined;
      for (let i = 0; i < this.#parts.length; i++) {
        if (this.#parts[i]! <= most || top.includes(this.#features[i]!.name)) continue;
        most = this.#parts[i]!;
        name = this.#features[i]!.name;
      }
      if (name === undefined) break;
      top.push(name);
    }
    return top;
  }

  #score(): number | undefined {
    return this.#factor !== undefined && this.#isComplete() ? this.#distance(this.#factor) : this.#rootMeanSquare();
  }

  #isComplete(): boolean {
    for (let i = 0; i < this.#values.length; i++) if (Number.isNaN(this.#values[i])) return false;
    return true;
  }

  #distance(factor: CorrelationFactor): number {
    for (let i = 0; i < this.#values.length; i++) {
      this.#deviations[i] = limited((this.#values[i]! - factor.centres[i]!) / factor.scales[i]!);
    }
    return Math.sqrt(Math.max(0, factor.split(this.#deviations, this.#parts)) / this.#values.length);
  }

  #rootMeanSquare(): number | undefined {
    let sum = 0;
    let present = 0;
    for (let i = 0; i < this.#values.length; i++) {
      const { median, spread } = this.#features[i]!;
      const z = limited((this.#values[i]! - median) / spread);
      const isPresent = z === z;
      this.#parts[i] = isPresent ? z * z : 0;
      sum += this.#parts[i]!;
      if (isPresent) present++;
    }
    return present === 0 ? undefined : Math.sqrt(sum / present);
  }
}

/** NaN for what is missing, text or not finite. */
function finite(value: unknown): number {
  const number = numberOf(value) ?? Number.NaN;
  return number - number === 0 ? number : Number.NaN;
}

const limited = (z: number): number => Math.max(-FURTHEST, Math.min(FURTHEST, z));

/** Those whose correlations are known or, without any, the first numeric ones. A constant says nothing of how far is far. */
function scoredFeatures({ features, coMoments }: ScoringReference): readonly ScoredFeature[] {
  return (coMoments?.features ?? Object.keys(features))
    .flatMap((name) => scoredFeature(name, features[name]) ?? [])
    .slice(0, mostCoMomentFeatures);
}

function scoredFeature(name: string, reference: FeatureReference | undefined) {
  if (reference?.kind !== 'numeric' || !(reference.sd > 0)) return undefined;
  const { mean, sd } = reference;
  const range = quantile(reference, 0.75) - quantile(reference, 0.25);
  // Where half of the rows have one value there is no such range.
  return { name, mean, sd, median: quantile(reference, 0.5), spread: range > 0 ? range / 1.349 : sd };
}

/** Linear within its bucket: (`edges[i-1]`, `edges[i]`] holds `counts[i]` rows. */
function quantile({ edges, counts, min, max }: NumericReference, share: number): number {
  let remaining = counts.reduce((sum, count) => sum + count, 0) * share;
  for (const [i, count] of counts.entries()) {
    if (count > 0 && remaining <= count) {
      const lower = Math.max(min, edges[i - 1] ?? min);
      const upper = Math.min(max, edges[i] ?? max);
      return lower + ((upper - lower) * remaining) / count;
    }
    remaining -= count;
  }
  return max;
}
