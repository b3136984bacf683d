import { double, halves, highHalf } from './double-bits.ts';

/**
 * OpenTelemetry's base-2 exponential buckets: bucket i of scale s holds `(base^i, base^(i+1)]` with base = 2^(2^-s).
 * Scale 0: bucket 0 holds (1, 2], bucket -1 holds (0.5, 1], bucket 1 holds (2, 4].
 */
export const finestScale = 20;
/** At this scale all doubles lie in two buckets. */
export const coarsestScale = -11;

/**
 * The bucket of a positive finite number. A logarithm may round over a power of two, so the exponent's bits bound it.
 * Buckets of a coarser scale are exact unions of these: the index shifts right by the difference of the scales.
 */
export function exponentialBucket(x: number, scale: number): number {
  const isSubnormal = x < smallestNormal;
  double[0] = isSubnormal ? x * 2 ** 52 : x;
  const high = halves[highHalf]!;
  const exponent = (high >>> 20) - (isSubnormal ? 1023 + 52 : 1023);
  const isPowerOfTwo = (high & mantissaBits) === 0 && halves[1 - highHalf] === 0;
  if (scale <= 0) return (isPowerOfTwo ? exponent - 1 : exponent) >> -scale;
  const first = exponent << scale;
  if (isPowerOfTwo) return first - 1;
  const bucket = (Math.ceil(Math.log2(x) * (1 << scale)) | 0) - 1;
  return Math.min(Math.max(bucket, first), first + (1 << scale) - 1);
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
const mantissaBits = 0xf_ffff;
