import { ReservoirSample } from '@driftline/sketches';

/** Cuts rows into chunks of about equal numbers in the order of time, without sorting them. */
export class TimeChunks {
  readonly #sample: ReservoirSample;
  #cuts: readonly number[] = [];

  constructor(random: () => number) {
    this.#sample = new ReservoirSample(100_000, random);
  }

  record(time: number): void {
    this.#sample.record(time);
  }

  /** Rows of one time stay together, so there can be fewer chunks than asked for. */
  cutInto(chunks: number): void {
    const times = this.#sample.values.toSorted();
    const last = times.at(-1) ?? -Infinity;
    const cuts = Array.from({ length: chunks - 1 }, (_, i) => times[Math.ceil(((i + 1) * times.length) / chunks) - 1]);
    this.#cuts = [...new Set(cuts)].filter((cut): cut is number => cut !== undefined && cut < last);
  }

  get isEmpty(): boolean {
    return this.#sample.values.length === 0;
  }

  get count(): number {
    return this.#cuts.length + 1;
  }

  /** The number of the chunk that holds rows of this time. */
  chunkOf(time: number): number {
    let low = 0;
    let high = this.#cuts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (time > (this.#cuts[middle] ?? Infinity)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
