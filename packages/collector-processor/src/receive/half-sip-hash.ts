/**
 * HalfSipHash-2-4 of whole 32-bit words: a keyed hash that costs some tens of nanoseconds, so that every point can have one.
 * Returns the low 48 bits of the 64-bit output. Source: Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012,
 * and the 32-bit variant in the authors' reference code.
 */
export function halfSipHash48(key0: number, key1: number, words: Uint32Array): number {
  let v0 = key0;
  let v1 = key1 ^ 0xee;
  let v2 = 0x6c796765 ^ key0;
  let v3 = 0x74656462 ^ key1;
  let low = 0;
  const lengthWord = words.length;
  const firstOutput = lengthWord + 1;
  const secondOutput = lengthWord + 2;

  for (let step = 0; step <= secondOutput; step++) {
    const word = step < lengthWord ? (words[step] ?? 0) : step === lengthWord ? (lengthWord * 4) << 24 : 0;
    if (step === firstOutput) v2 ^= 0xee;
    if (step === secondOutput) v1 ^= 0xdd;
    v3 ^= word;
    const rounds = step <= lengthWord ? 2 : 4;
    for (let round = 0; round < rounds; round++) {
      v0 = (v0 + v1) | 0;
      v1 = rotate(v1, 5) ^ v0;
      v0 = rotate(v0, 16);
      v2 = (v2 + v3) | 0;
      v3 = rotate(v3, 8) ^ v2;
      v0 = (v0 + v3) | 0;
      v3 = rotate(v3, 7) ^ v0;
      v2 = (v2 + v1) | 0;
      v1 = rotate(v1, 13) ^ v2;
      v2 = rotate(v2, 16);
    }
    v0 ^= word;
    if (step === firstOutput) low = (v1 ^ v3) >>> 0;
  }
  return low + ((v1 ^ v3) & 0xffff) * 2 ** 32;
}

const rotate = (word: number, bits: number): number => (word << bits) | (word >>> (32 - bits));
