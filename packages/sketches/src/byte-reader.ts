/** Bytes are not what was written: cut off, changed, or of another kind. */
export class CompactFormatError extends Error {
  override readonly name = 'CompactFormatError';
}

/** Reads what ByteWriter wrote; throws a CompactFormatError where bytes are missing or make no sense. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.#bytes.length - this.#position;
  }

  byte(): number {
    return this.#view.getUint8(this.#take(1));
  }

  whole(): number {
    let value = 0;
    for (let scale = 1; scale < 2 ** 53; scale *= 0x80) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return Number.isSafeInteger(value) ? value : this.refuse('a whole number above 2^53');
    }
    return this.refuse('a whole number without end');
  }

  double(): number {
    return this.#view.getFloat64(this.#take(8), true);
  }

  wholes(): number[] {
    return Array.from({ length: this.length(1) }, () => this.whole());
  }

  doubles(): number[] {
    return Array.from({ length: this.length(8) }, () => this.double());
  }

  text(): string {
    const length = this.whole();
    const start = this.#take(length);
    try {
      return utf8.decode(this.#bytes.subarray(start, start + length));
    } catch {
      return this.refuse('text that is not UTF-8');
    }
  }

  /** A number of items that take at least so many bytes each: what cannot fit is not allocated. */
  length(bytesEach: number): number {
    const length = this.whole();
    return length * bytesEach <= this.left ? length : this.refuse(`${length} items in ${this.left} bytes`);
  }

  refuse(what: string): never {
    throw new CompactFormatError(`compact bytes: ${what} at byte ${this.#position} of ${this.#bytes.length}`);
  }

  #take(bytes: number): number {
    if (bytes > this.left) this.refuse(`cut off, ${bytes} more are needed`);
    this.#position += bytes;
    return this.#position - bytes;
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
