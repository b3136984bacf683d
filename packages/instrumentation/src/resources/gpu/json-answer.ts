import { isRecord } from '../../is-record.ts';

/** Some tools print warnings before, or after. */
export function parseJsonAnswer(text: string): unknown {
  const start = text.search(/[[{]/);
  const end = Math.max(text.lastIndexOf(']'), text.lastIndexOf('}'));
  if (start < 0 || end < start) throw new Error('its answer has no JSON in it.');
  try {
    return JSON.parse(text.slice(start, end + 1));
  } catch {
    throw new Error('its JSON is broken, or ends in the middle.');
  }
}

export function valueAt(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((at, key) => (isRecord(at) && Object.hasOwn(at, key) ? at[key] : undefined), value);
}

/** A text that says something. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && !/^\[?n\/a\]?$/i.test(value) ? value : undefined;
}
