/** Bytes written one after the other into a buffer that grows. */
export class ByteWriter {
  #buffer = new Uint8Array(256);
  #view = new DataView(this.#buffer.buffer);
  #length = 0;

  bytes(): Uint8Array {
    return this.#buffer.slice(0, this.#length);
  }

  byte(value: number): this {
    this.#reserve(1);
    this.#buffer[this.#length++] = value;
    return this;
  }

  /** A varint of up to 53 bits: 7 bits a byte, the lowest first. */
  whole(value: number): this {
    let rest = value;
    while (rest >= 0x80) {
      this.byte((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    return this.byte(rest);
  }

  double(value: number): this {
    this.#reserve(8);
    this.#view.setFloat64(this.#length, value, true);
    this.#length += 8;
    return this;
  }

  wholes(values: ArrayLike<number>): this {
    this.whole(values.length);
    for (let i = 0; i < values.length; i++) this.whole(values[i]!);
    return this;
  }

  doubles(values: ArrayLike<number>): this {
    this.whole(values.length);
    for (let i = 0; i < values.length; i++) this.double(values[i]!);
    return this;
  }

  text(value: string): this {
    const utf8 = new TextEncoder().encode(value);
    return this.whole(utf8.length).raw(utf8);
  }

  raw(bytes: Uint8Array): this {
    this.#reserve(bytes.length);
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
    return this;
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#buffer.length) return;
    const larger = new Uint8Array(Math.max(2 * this.#buffer.length, this.#length + bytes));
    larger.set(this.#buffer);
    this.#buffer = larger;
    this.#view = new DataView(larger.buffer);
  }
}
