import { highWordOf } from './double-bits.ts';
import { finestTable, octaveBucket, OctaveTable } from './octave-table.ts';

/**
 * OpenTelemetry's base-2 exponential buckets: bucket i of scale s holds `(base^i, base^(i+1)]` with base = 2^(2^-s).
 * Scale 0: bucket 0 holds (1, 2], bucket -1 holds (0.5, 1], bucket 1 holds (2, 4].
 */
export const finestScale = 20;
/** At this scale all doubles lie in two buckets. */
export const coarsestScale = -11;

/**
 * The bucket of a positive finite number. Only the mantissa goes through a logarithm, so that powers of two are exact.
 * Buckets of a coarser scale are exact unions of these: the index shifts right by the difference of the scales.
 */
export function exponentialBucket(x: number, scale: number): number {
  return x < smallestNormal ? normalBucket(x * 2 ** 52, scale, 1023 + 52) : normalBucket(x, scale, 1023);
}

function normalBucket(x: number, scale: number, bias: number): number {
  const high = highWordOf(x);
  const exponent = (high >>> 20) - bias;
  const mantissa = x * reciprocals[high >>> 20]!;
  if (mantissa === 1) return scale > 0 ? (exponent << scale) - 1 : (exponent - 1) >> -scale;
  if (scale <= 0) return exponent >> -scale;
  const inOctave =
    scale <= finestTable ? OctaveTable.of(scale).bucketOf(mantissa, high & leadingBits) : octaveBucket(mantissa, scale);
  return (exponent << scale) + inOctave;
}

/** The upper boundary, which belongs to the bucket; 2^1024 comes back as the largest double. */
export function upperBoundary(bucket: number, scale: number): number {
  return Math.min(2 ** ((bucket + 1) * 2 ** -scale), Number.MAX_VALUE);
}

/** The lower boundary, which belongs to the bucket before. */
export function lowerBoundary(bucket: number, scale: number): number {
  return upperBoundary(bucket - 1, scale);
}

const smallestNormal = 2 ** -1022;
const leadingBits = 0xf_ffff;
/** By the exponent's bits: what a number is multiplied with, exactly, to leave its mantissa. */
const reciprocals = Float64Array.from({ length: 2047 }, (_, bits) => 2 ** (1023 - bits));
