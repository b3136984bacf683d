import { nextDown, nextUp } from './next-double.ts';

/** The finest scale that has a table: 256 buckets an octave, 7 KB. Finer sketches hold a narrow range, or few values. */
export const finestTable = 8;

/** The bucket, from 0 on, of a number above 1 and below 2. */
export function octaveBucket(mantissa: number, scale: number): number {
  return Math.ceil(Math.log2(mantissa) * (1 << scale)) - 1;
}

/**
 * The same without a logarithm, which costs more than all else of recording a value: a cell is narrower than any bucket,
 * so that it names the bucket but for one comparison.
 */
export class OctaveTable {
  /** The last number in each bucket. */
  readonly #last: Float64Array;
  readonly #cells: Int32Array;
  readonly #shift: number;

  static of(scale: number): OctaveTable {
    return (tables[scale] ??= new OctaveTable(scale));
  }

  private constructor(scale: number) {
    this.#last = Float64Array.from({ length: 1 << scale }, (_, bucket) => lastIn(bucket, scale));
    this.#shift = 20 - (scale + 1);
    const cells = 1 << (scale + 1);
    this.#cells = Int32Array.from({ length: cells }, (_, cell) => octaveBucket(nextUp(1 + cell / cells), scale));
  }

  /** `leadingBits` are the 20 leading bits of the mantissa. */
  bucketOf(mantissa: number, leadingBits: number): number {
    const bucket = this.#cells[leadingBits >> this.#shift]!;
    return bucket + Number(mantissa > this.#last[bucket]!);
  }
}

const tables: (OctaveTable | undefined)[] = [];

/** Where the logarithm rounds to, which may be a few doubles from the boundary itself. */
function lastIn(bucket: number, scale: number): number {
  let last = 2 ** ((bucket + 1) / (1 << scale));
  while (octaveBucket(last, scale) > bucket) last = nextDown(last);
  while (last < nextDown(2) && octaveBucket(nextUp(last), scale) <= bucket) last = nextUp(last);
  return last;
}
