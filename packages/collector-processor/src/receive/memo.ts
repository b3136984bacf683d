/**
 * Two bounded memories for what senders repeat. Both are fixed tables in which something new takes the slot of something
 * old: they never grow, and an engineered collision costs one recomputation, never a wrong answer.
 */

/**
 * Parsed blocks by their bytes: attributes and edges come again byte for byte, and in the same order, so the block that
 * followed last time is tried before any is looked up.
 */
export class ByteMemo<T> {
  readonly #slots: (Entry<T> | undefined)[];
  /** For each slot, the one that was asked for next. */
  readonly #following: Int32Array;
  readonly #longestBlock: number;
  #last = 0;

  /** `slots` is a power of two; blocks longer than `longestBlock` are parsed each time. */
  constructor(options: { readonly slots: number; readonly longestBlock: number }) {
    this.#slots = emptySlots(options.slots);
    this.#following = new Int32Array(options.slots);
    this.#longestBlock = options.longestBlock;
  }

  recall(bytes: Uint8Array, start: number, end: number, parse: (start: number, end: number) => T): T {
    if (end - start > this.#longestBlock) return parse(start, end);
    const expected = this.#following[this.#last]!;
    const known = this.#known(expected, bytes, start, end);
    if (known !== undefined) {
      this.#last = expected;
      return known.value;
    }
    const slot = slotHash(bytes, start, end) & (this.#slots.length - 1);
    this.#following[this.#last] = slot;
    this.#last = slot;
    const entry = this.#known(slot, bytes, start, end) ?? {
      block: Buffer.from(bytes.slice(start, end)),
      value: parse(start, end),
    };
    this.#slots[slot] = entry;
    return entry.value;
  }

  #known(slot: number, bytes: Uint8Array, start: number, end: number): Entry<T> | undefined {
    const entry = this.#slots[slot];
    const isIt = entry?.block.length === end - start && entry.block.compare(bytes, start, end) === 0;
    return isIt ? entry : undefined;
  }
}

interface Entry<T> {
  readonly block: Buffer;
  readonly value: T;
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

const emptySlots = (slots: number): undefined[] => Array<undefined>(slots).fill(undefined);

/** FNV-1a over at most some 256 bytes of the block; it only chooses a slot. */
function slotHash(bytes: Uint8Array, start: number, end: number): number {
  const stride = ((end - start) >> 8) | 1;
  let hash = 0x811c9dc5 ^ (end - start);
  for (let i = start; i < end; i += stride) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  return hash ^ (hash >>> 15);
}
