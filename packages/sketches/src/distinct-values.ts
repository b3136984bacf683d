import { valueHash } from './value-hash.ts';

/** An octave holds half as many hashes as the one above it: sixteen tell up to some millions of values. */
const OCTAVES = 16;
const BUCKETS_PER_OCTAVE = 32;
const BUCKETS = 1 + OCTAVES * BUCKETS_PER_OCTAVE;

/**
 * How many values differ, within about an eighth, in 513 bytes. The hash of a value falls into a bucket with probability
 * 2^-1/32 in the first octave, 2^-2/32 in the second and so on; that a bucket is not empty is all that is kept, so that
 * nothing tells how often a value occurred. Estan, Varghese and Fisk, "Bitmap algorithms for counting active flows on
 * high-speed links" (2003); read by maximum likelihood, with a relative standard error of 1/sqrt(2.37 · 32) = 0.115.
 * Two of them add up like histograms: a bucket is empty in the sum only if it is in both.
 */
export class DistinctValues {
  /** Upper edges of all buckets but the last, of hashes as a share of their range. */
  static readonly edges: readonly number[] = edgesOf();
  readonly #isFilled: Uint8Array;

  constructor(isFilled: Uint8Array = new Uint8Array(BUCKETS)) {
    this.#isFilled = isFilled;
  }

  /** Undefined for buckets on other edges. Counts of any size say that a bucket is not empty. */
  static fromBuckets(edges: ArrayLike<number>, counts: ArrayLike<number>): DistinctValues | undefined {
    const isOurs = edges.length === BUCKETS - 1 && counts.length === BUCKETS;
    if (!isOurs || DistinctValues.edges.some((edge, i) => edge !== edges[i])) return undefined;
    return new DistinctValues(Uint8Array.from(counts, (count) => (count > 0 ? 1 : 0)));
  }

  /** A missing value is none. */
  record(value: unknown): void {
    if (value !== undefined && value !== null) this.#isFilled[bucketOf(valueHash(value))] = 1;
  }

  merge(other: DistinctValues): void {
    for (let i = 0; i < BUCKETS; i++) if (other.#isFilled[i] === 1) this.#isFilled[i] = 1;
  }

  clear(): void {
    this.#isFilled.fill(0);
  }

  /** 1 for each bucket that is not empty. */
  get counts(): Uint8Array {
    return this.#isFilled.slice();
  }

  get isEmpty(): boolean {
    return !this.#isFilled.includes(1);
  }

  /** Where every bucket is full there are more than can be told: some ten millions. */
  estimate(): number {
    if (this.isEmpty) return 0;
    let low = Math.log(0.5);
    let high = Math.log(1e9);
    for (let step = 0; step < 60; step++) {
      const middle = (low + high) / 2;
      if (this.#slope(Math.exp(middle)) > 0) low = middle;
      else high = middle;
    }
    return Math.exp(low);
  }

  /** Of the log-likelihood at n values: falls as n grows, and is zero at the estimate. */
  #slope(n: number): number {
    let slope = 0;
    for (let octave = -1; octave < OCTAVES; octave++) {
      const { start, length, probability } = octaveAt(octave);
      let filled = 0;
      for (let i = start; i < start + length; i++) filled += this.#isFilled[i] ?? 0;
      slope += filled * (probability / Math.expm1(n * probability)) - (length - filled) * probability;
    }
    return slope;
  }
}

/** Octave 0 is the upper half of the hashes and the last in the list; -1 stands for what lies below all octaves. */
function octaveAt(octave: number): { readonly start: number; readonly length: number; readonly probability: number } {
  if (octave < 0) return { start: 0, length: 1, probability: 2 ** -OCTAVES };
  return {
    start: 1 + (OCTAVES - 1 - octave) * BUCKETS_PER_OCTAVE,
    length: BUCKETS_PER_OCTAVE,
    probability: 2 ** -(octave + 1) / BUCKETS_PER_OCTAVE,
  };
}

function bucketOf(hash: number): number {
  const octave = Math.clz32(hash);
  if (octave >= OCTAVES) return 0;
  // The five bits after the first that is set.
  return 1 + (OCTAVES - 1 - octave) * BUCKETS_PER_OCTAVE + ((hash >>> (26 - octave)) & 31);
}

function edgesOf(): readonly number[] {
  const edges = [2 ** -OCTAVES];
  for (let octave = OCTAVES - 1; octave >= 0; octave--) {
    const width = 2 ** -(octave + 1) / BUCKETS_PER_OCTAVE;
    for (let i = 1; i <= BUCKETS_PER_OCTAVE; i++) edges.push(2 ** -(octave + 1) + i * width);
  }
  return edges.slice(0, -1);
}
