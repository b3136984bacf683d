/** Where two answers differ most: `answer[1].score is 0.9, expected 0.8`. */
export interface Difference {
  /** Of numbers |actual − expected| / max(1, |expected|); infinite where they cannot be compared; 0 where equal. */
  readonly size: number;
  readonly where: string;
  readonly actual: string;
  readonly expected: string;
}

/** Compares what a model answered with what it should: numbers, text, and arrays, typed arrays and objects of them. */
export function differenceBetween(actual: unknown, expected: unknown, where = 'answer'): Difference {
  if (typeof expected === 'number' && typeof actual === 'number')
    return { size: numericDifference(actual, expected), where, ...shown(actual, expected) };
  const expectedParts = partsOf(expected);
  const actualParts = partsOf(actual);
  if (expectedParts === undefined || actualParts === undefined)
    return { size: Object.is(actual, expected) ? 0 : Number.POSITIVE_INFINITY, where, ...shown(actual, expected) };
  const keys = new Set([...expectedParts.keys(), ...actualParts.keys()]);
  return [...keys]
    .map((key) => differenceBetween(actualParts.get(key), expectedParts.get(key), `${where}${path(key)}`))
    .reduce(larger, { size: 0, where, ...shown(actual, expected) });
}

/** NaN is never right. */
function numericDifference(actual: number, expected: number): number {
  if (actual === expected) return 0;
  const size = Math.abs(actual - expected) / Math.max(1, Math.abs(expected));
  return Number.isNaN(size) ? Number.POSITIVE_INFINITY : size;
}

function partsOf(value: unknown): ReadonlyMap<string | number, unknown> | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value) || ArrayBuffer.isView(value))
    return new Map(Object.entries(value).map(([index, part]) => [Number(index), part]));
  return new Map(Object.entries(value));
}

function path(key: string | number): string {
  return typeof key === 'number' ? `[${key}]` : `.${key}`;
}

function larger(one: Difference, other: Difference): Difference {
  return other.size > one.size ? other : one;
}

function shown(actual: unknown, expected: unknown): { readonly actual: string; readonly expected: string } {
  return { actual: show(actual), expected: show(expected) };
}

function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return String(value);
  return Array.isArray(value) || ArrayBuffer.isView(value) ? 'a list' : 'an object';
}
