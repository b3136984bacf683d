import { CoMoments, type CoMomentReference, standardised, type StandardisedFeature } from '@driftline/sketches';
import { pairIndex } from '../evaluate/multivariate/compared-moments.ts';
import { inflation, LEAST_CHUNKS } from '../evaluate/drift/decision/overdispersion.ts';
import { ofPairs, scatterOfZ } from '../evaluate/multivariate/fisher-z.ts';
import { correlationShape } from './pair-shape.ts';
import { reconstructionOf } from '../evaluate/multivariate/principal-components.ts';

/** Complete rows from which moments beyond the second are taken. */
const SAMPLED_ROWS = 10_000;
const LEAST_SAMPLED_ROWS = 2;
/** A chunk with fewer complete rows says little of a correlation. */
const LEAST_CHUNK_ROWS = 20;

/** The second pass over the rows of a reference, whose means and standard deviations are known from the first. */
export class CoMomentReferenceCounter {
  readonly #moments: CoMoments;
  readonly #random: () => number;
  /** A uniform sample of complete rows, standardised. */
  readonly #sample: Float64Array[] = [];
  readonly #chunks: CoMoments[] = [];

  constructor(features: readonly StandardisedFeature[], random: () => number) {
    this.#moments = new CoMoments(features);
    this.#random = random;
  }

  get features(): readonly StandardisedFeature[] {
    return this.#moments.features;
  }

  /** Values in the order of the features; `timeChunk` is -1 where the time is missing. */
  record(row: ArrayLike<number>, timeChunk: number): void {
    const before = this.#moments.count;
    this.#moments.record(row);
    if (this.#moments.count === before) return;
    this.#keep(row);
    if (timeChunk < 0) return;
    while (this.#chunks.length <= timeChunk) this.#chunks.push(new CoMoments(this.features));
    this.#chunks[timeChunk]?.record(row);
  }

  /** Undefined where too few rows are complete. */
  reference(): CoMomentReference | undefined {
    const { count, means, sums } = this.#moments;
    if (count < LEAST_SAMPLED_ROWS) return undefined;
    const deviations = this.features.map((_, feature) => this.#deviations(feature));
    const shapes = deviations.map(shapeOf);
    const columns = deviations.map(unitVariance);
    const pairs = ofPairs(this.features.length, (first, second) => {
      const [u, v] = [columns[first], columns[second]];
      const r = this.#moments.correlation(first, second);
      return u === undefined || v === undefined || r === undefined
        ? { variance: 1, skewness: 0 }
        : correlationShape(u, v, r);
    });
    // Never below that of normal or independent rows.
    const variances = pairs.map(({ variance }) => Math.max(1, variance));
    const phi = this.#phi(variances);
    const reconstruction = reconstructionOf(this.#moments, this.#sample);
    return {
      features: this.features.map(({ name }) => name),
      count,
      means: [...means],
      sums: [...sums],
      variances: variances.map(rounded),
      ...(phi && { phi: phi.map(rounded) }),
      skewness: shapes.map(({ skewness }) => rounded(skewness)),
      kurtosis: shapes.map(({ kurtosis }) => rounded(kurtosis)),
      pairSkewness: pairs.map(({ skewness }) => rounded(skewness)),
      ...(reconstruction && { reconstruction }),
    };
  }

  /** Algorithm R of Vitter (1985). */
  #keep(row: ArrayLike<number>): void {
    const seen = this.#moments.count;
    const position = seen <= SAMPLED_ROWS ? seen - 1 : Math.floor(this.#random() * seen);
    if (position >= SAMPLED_ROWS) return;
    this.#sample[position] = Float64Array.from(this.features, (feature, i) => standardised(row[i] ?? NaN, feature));
  }

  #deviations(feature: number): Float64Array {
    const mean = this.#moments.means[feature] ?? 0;
    return Float64Array.from(this.#sample, (row) => (row[feature] ?? 0) - mean);
  }

  /** As of features: how far the chunks scatter, with an allowance for knowing it from few of them, or that of all pairs. */
  #phi(variances: readonly number[]): readonly number[] | undefined {
    const chunks = this.#chunks.filter(({ count }) => count >= LEAST_CHUNK_ROWS);
    if (chunks.length < LEAST_CHUNKS) return undefined;
    const own = ofPairs(this.features.length, (first, second) => {
      const samples = chunks.flatMap((chunk) => {
        const r = chunk.correlation(first, second);
        return r === undefined ? [] : [{ r, rows: chunk.count }];
      });
      if (samples.length < LEAST_CHUNKS) return 1;
      return scatterOfZ(samples) / (variances[pairIndex(first, second)] ?? 1);
    });
    const pooled = own.reduce((sum, phi) => sum + phi, 0) / own.length;
    return own.map((phi) => inflation(phi, pooled, chunks.length));
  }
}

function shapeOf(deviations: Float64Array): { readonly skewness: number; readonly kurtosis: number } {
  const moment = (power: number) => deviations.reduce((sum, x) => sum + x ** power, 0) / deviations.length;
  const variance = moment(2);
  if (variance === 0) return { skewness: 0, kurtosis: 0 };
  return { skewness: moment(3) / variance ** 1.5, kurtosis: moment(4) / variance ** 2 };
}

function unitVariance(deviations: Float64Array): Float64Array {
  const sd = Math.sqrt(deviations.reduce((sum, x) => sum + x * x, 0) / deviations.length);
  return sd === 0 ? deviations : deviations.map((x) => x / sd);
}

/** A sample of rows tells no more digits, and a profile has a thousand pairs. */
function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
