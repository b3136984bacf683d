import { expect, it } from 'vitest';
import { halfSipHash48 } from './half-sip-hash.ts';

/** `vectors_hsip64` of the authors' reference code: key 00 01 ... 07, message 00 01 02 ... of so many bytes. */
const vectors = [
  [0, '218d1f59b9b8'],
  [4, 'd5e78a175be5'],
  [8, 'edfee820bce4'],
  [16, '7336aad25f7b'],
  [20, '1bf52b0a6fee'],
  [32, '28709d46d811'],
  [60, 'd6762890bf26'],
] as const;

it.each(vectors)('hashes %i bytes as the reference does', (length, first6Bytes) => {
  const message = new Uint32Array(Uint8Array.from({ length }, (_, i) => i).buffer);
  const expected = Buffer.from(first6Bytes, 'hex').readUIntLE(0, 6);
  expect(halfSipHash48(0x03020100, 0x07060504, message)).toBe(expected);
});
