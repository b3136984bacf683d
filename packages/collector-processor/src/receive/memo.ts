/**
 * Two bounded memories for what senders repeat. Both are fixed tables in which something new takes the slot of something
 * old: they never grow, and an engineered collision costs one recomputation, never a wrong answer.
 */

/** Parsed blocks by their bytes: attributes, edges and resources come again byte for byte. */
export class ByteMemo<T> {
  readonly #slots: ({ readonly block: Uint8Array; readonly value: T } | undefined)[];
  readonly #longestBlock: number;

  /** `slots` is a power of two; blocks longer than `longestBlock` are parsed each time. */
  constructor(options: { readonly slots: number; readonly longestBlock: number }) {
    this.#slots = emptySlots(options.slots);
    this.#longestBlock = options.longestBlock;
  }

  recall(bytes: Uint8Array, start: number, end: number, parse: (start: number, end: number) => T): T {
    if (end - start > this.#longestBlock) return parse(start, end);
    const slot = sampledHash(bytes, start, end) & (this.#slots.length - 1);
    const known = this.#slots[slot];
    if (known !== undefined && equalBytes(known.block, bytes, start, end)) return known.value;
    const value = parse(start, end);
    this.#slots[slot] = { block: bytes.slice(start, end), value };
    return value;
  }
}

export interface Numbered {
  readonly serial: number;
}

/** Results by the identity of the three things they came from. */
export class TripleMemo<A extends Numbered, B extends Numbered, C, V> {
  readonly #slots: ({ readonly a: A; readonly b: B; readonly c: C; readonly value: V } | undefined)[];

  /** `slots` is a power of two. */
  constructor(slots: number) {
    this.#slots = emptySlots(slots);
  }

  recall(a: A, b: B, c: C, compute: (a: A, b: B, c: C) => V): V {
    const slot = (Math.imul(a.serial, 31) + b.serial) & (this.#slots.length - 1);
    const known = this.#slots[slot];
    if (known !== undefined && known.a === a && known.b === b && known.c === c) return known.value;
    const value = compute(a, b, c);
    this.#slots[slot] = { a, b, c, value };
    return value;
  }
}

const emptySlots = (slots: number): undefined[] => Array.from({ length: slots }, () => undefined);

/** FNV-1a over at most 64 bytes spread evenly over the block: it only chooses a slot. */
function sampledHash(bytes: Uint8Array, start: number, end: number): number {
  const stride = ((end - start) >> 6) + 1;
  let hash = 0x811c9dc5 ^ (end - start);
  for (let i = start; i < end; i += stride) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  return hash ^ (hash >>> 15);
}

function equalBytes(block: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (block.length !== end - start) return false;
  for (let i = 0; i < block.length; i++) if (block[i] !== bytes[start + i]) return false;
  return true;
}
