/**
 * Two bounded memories for what senders repeat. Both are fixed tables in which something new takes the slot of something
 * old: they never grow, and an engineered collision costs one recomputation, never a wrong answer.
 */

/** Parsed blocks by their bytes: attributes, edges and resources come again byte for byte. */
export class ByteMemo<T> {
  readonly #slots: (KnownBlock<T> | undefined)[];
  readonly #longestBlock: number;

  /** `slots` is a power of two; blocks longer than `longestBlock` are parsed each time. */
  constructor(options: { readonly slots: number; readonly longestBlock: number }) {
    this.#slots = emptySlots(options.slots);
    this.#longestBlock = options.longestBlock;
  }

  recall({ bytes, view }: Bytes, start: number, end: number, parse: (start: number, end: number) => T): T {
    if (end - start > this.#longestBlock) return parse(start, end);
    const slot = slotHash(view, start, end) & (this.#slots.length - 1);
    const known = this.#slots[slot];
    if (known !== undefined && isSame(known, view, start, end)) return known.value;
    const value = parse(start, end);
    this.#slots[slot] = { ...viewed(bytes.slice(start, end)), value };
    return value;
  }
}

/** The same memory twice: words are read from a view several times faster than bytes. */
export interface Bytes {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

export const viewed = (bytes: Uint8Array): Bytes => ({
  bytes,
  view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
});

type KnownBlock<T> = Bytes & { readonly value: T };

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

/** FNV-1a over the words, of a long block over some 64 of them; it only chooses a slot. */
function slotHash(view: DataView, start: number, end: number): number {
  const stride = 4 * (((end - start) >> 8) | 1);
  let hash = 0x811c9dc5 ^ (end - start);
  for (let i = start; i + 4 <= end; i += stride) hash = Math.imul(hash ^ view.getUint32(i, true), 0x01000193);
  return hash ^ (hash >>> 15);
}

function isSame({ view: known }: Bytes, view: DataView, start: number, end: number): boolean {
  const length = end - start;
  if (known.byteLength !== length) return false;
  let i = 0;
  for (; i + 4 <= length; i += 4) if (known.getUint32(i, true) !== view.getUint32(start + i, true)) return false;
  for (; i < length; i++) if (known.getUint8(i) !== view.getUint8(start + i)) return false;
  return true;
}
