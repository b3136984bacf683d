import { sha256 } from './sha256.ts';

/**
 * Directions with independent standard normal components, one after the other: component d of direction p is at
 * p * dimensions + d. The same seed gives the same directions in every language that has SHA-256:
 *
 *   block b of direction p = SHA-256 of the UTF-8 text `seed/p/b`, read as four big-endian 64-bit words
 *   u1, u2, u3, u4 = (the top 53 bits of each word + 1) / 2^53, which lie in (0, 1]
 *   components 4b ... 4b+3 = r1 cos(2π u2), r1 sin(2π u2), r3 cos(2π u4), r3 sin(2π u4) with r = sqrt(-2 ln u)
 */
export function gaussianDirections(seed: string, directions: number, dimensions: number): Float64Array {
  const components = new Float64Array(directions * dimensions);
  const block = new Float64Array(4);
  for (let direction = 0; direction < directions; direction++) {
    for (let start = 0; start < dimensions; start += 4) {
      fillBlock(block, `${seed}/${direction}/${start / 4}`);
      components.set(block.subarray(0, Math.min(4, dimensions - start)), direction * dimensions + start);
    }
  }
  return components;
}

function fillBlock(block: Float64Array, text: string): void {
  const words = sha256(text);
  for (let pair = 0; pair < 4; pair += 2) {
    const radius = Math.sqrt(-2 * Math.log(uniform(words, pair)));
    const angle = 2 * Math.PI * uniform(words, pair + 1);
    block[pair] = radius * Math.cos(angle);
    block[pair + 1] = radius * Math.sin(angle);
  }
}

function uniform(words: Uint32Array, index: number): number {
  const top53 = words[index * 2]! * 2 ** 21 + (words[index * 2 + 1]! >>> 11);
  return (top53 + 1) / 2 ** 53;
}
