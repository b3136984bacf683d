const view = new DataView(new ArrayBuffer(8));

/**
 * 32 bits of a value, the same in every process: numbers by their double, text by its UTF-16 code units. Strings and
 * numbers that print alike differ, as they do for a model. Not for secrets: whoever guesses a value can check it.
 */
export function valueHash(value: unknown, seed = 0): number {
  switch (typeof value) {
    case 'number':
      return numberHash(value, seed);
    case 'string':
      return textHash(value, seed);
    case 'boolean':
      return mixed(seed ^ (value ? 0x9e3779b1 : 0x85ebca77));
    case 'bigint':
      return textHash(String(value), seed ^ 0x27d4eb2f);
    case 'object':
      return value === null ? mixed(seed ^ 0x165667b1) : objectHash(value, seed);
    case 'undefined':
    case 'function':
    case 'symbol':
      return mixed(seed ^ 0x165667b1);
  }
}

function numberHash(value: number, seed: number): number {
  // -0 and 0 are one value, and so are all NaN.
  view.setFloat64(0, value === 0 ? 0 : value);
  return mixed(Math.imul(view.getInt32(0) ^ seed, 0x85ebca6b) ^ mixed(view.getInt32(4) ^ 0x9e3779b9));
}

function textHash(text: string, seed: number): number {
  let hash = seed ^ text.length ^ 0xc2b2ae35;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return mixed(hash);
}

function objectHash(value: object, seed: number): number {
  if (value instanceof Date) return numberHash(value.getTime(), seed);
  if (value instanceof Float32Array || value instanceof Float64Array) return listHash(value, seed);
  return Array.isArray(value) ? listHash(value, seed) : mixed(seed ^ 0x27d4eb2f);
}

function listHash(list: ArrayLike<unknown>, seed: number): number {
  let hash = seed ^ list.length;
  for (let i = 0; i < list.length; i++) hash = valueHash(list[i], hash);
  return hash;
}

/** The finaliser of MurmurHash3 by Austin Appleby, who put it in the public domain: every bit changes half of them. */
export function mixed(bits: number): number {
  let hash = bits;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
