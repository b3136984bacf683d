/** How many bytes an element has, and how it is read. Little endian, as the protocol wants it. */
const elements: Readonly<Record<string, readonly [bytes: number, read: (view: DataView, at: number) => unknown]>> = {
  bool: [1, (view, at) => view.getUint8(at) !== 0],
  uint8: [1, (view, at) => view.getUint8(at)],
  uint16: [2, (view, at) => view.getUint16(at, true)],
  uint32: [4, (view, at) => view.getUint32(at, true)],
  uint64: [8, (view, at) => Number(view.getBigUint64(at, true))],
  int8: [1, (view, at) => view.getInt8(at)],
  int16: [2, (view, at) => view.getInt16(at, true)],
  int32: [4, (view, at) => view.getInt32(at, true)],
  int64: [8, (view, at) => Number(view.getBigInt64(at, true))],
  float16: [2, (view, at) => view.getUint16(at, true)],
  bfloat16: [2, (view, at) => bfloat16(view.getUint16(at, true))],
  float32: [4, (view, at) => view.getFloat32(at, true)],
  float64: [8, (view, at) => view.getFloat64(at, true)],
};

const utf8 = new TextDecoder();

/** The values of a tensor's bytes, of half floats the bits; strings have their length before them, in four bytes. */
export function binaryTensor(type: string, bytes: Uint8Array): ArrayLike<unknown> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (type === 'string') return stringsIn(view, bytes);
  const element = elements[type];
  if (element === undefined) throw new TypeError(`a tensor of type ${type} has no binary form`);
  const [size, read] = element;
  if (bytes.length % size !== 0) throw new TypeError(`${bytes.length} bytes are no whole number of ${type}`);
  const values = Array.from({ length: bytes.length / size }, (_, i) => read(view, i * size));
  return type === 'float16' ? Uint16Array.from(values, Number) : values;
}

function stringsIn(view: DataView, bytes: Uint8Array): readonly string[] {
  const strings: string[] = [];
  let offset = 0;
  while (offset < bytes.length) {
    const start = offset + 4;
    const end = start <= bytes.length ? start + view.getUint32(offset, true) : Number.POSITIVE_INFINITY;
    if (end > bytes.length) throw new TypeError('the bytes end within a string');
    strings.push(utf8.decode(bytes.subarray(start, end)));
    offset = end;
  }
  return strings;
}

/** The upper half of a float32. */
function bfloat16(bits: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint16(0, bits);
  return view.getFloat32(0);
}
