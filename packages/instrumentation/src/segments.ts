import { ML_SEGMENT_VALUE_VALUE_OTHER } from '@driftline/semantic-conventions';
import type { ReferenceProfile } from '@driftline/sketches';

/** One value of each dimension: `{ country: 'DE' }`. */
export type Segment = Readonly<Record<string, string>>;

/** Of a whole call, or of each of its rows. */
export type Segmented = Segment | readonly (Segment | undefined)[] | undefined;

/** More dimensions of one model are counted in the whole alone. */
export const MAX_SEGMENT_NAMES = 5;
/** Further values of a dimension are `_other`. */
export const MAX_SEGMENT_VALUES = 20;
/** A longer value is `_other`: whoever calls may have chosen it. */
const LONGEST_VALUE = 100;

type Row = Readonly<Record<string, unknown>>;

/** Rows tell the dimensions that are features; what a call says besides comes on top. */
export function segmentOfRows(rows: Row | readonly Row[], names: readonly string[], said: Segmented): Segmented {
  if (names.length === 0) return said;
  if (!isList(rows)) return { ...featuresIn(rows, names), ...(isList(said) ? said[0] : said) };
  return rows.map((row, i) => ({ ...featuresIn(row, names), ...(isList(said) ? said[i] : said) }));
}

function featuresIn(row: Row, names: readonly string[]): Segment {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = Object.hasOwn(row, name) ? textOf(row[name]) : '';
      return value === '' ? [] : [[name, value]];
    }),
  );
}

/** Empty for a row that does not have the attribute, and for what is no single value. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : '';
}

export function isList<One>(value: One | readonly One[]): value is readonly One[] {
  return Array.isArray(value);
}

/**
 * Which value to count under. Where the profile knows segments of this name, a value that it does not know has nothing to
 * be compared with and stays in the process; else the first values have a place each.
 */
export function placeOf(
  { name, value }: { readonly name: string; readonly value: unknown },
  held: { has(value: string): boolean; readonly size: number },
  reference: Pick<ReferenceProfile, 'segments'> | undefined,
): string | undefined {
  const text = textOf(value);
  if (text === '' || held.has(text)) return text === '' ? undefined : text;
  const all = reference?.segments ?? {};
  const known = Object.hasOwn(all, name) ? all[name] : undefined;
  if (known !== undefined) return Object.hasOwn(known, text) ? text : ML_SEGMENT_VALUE_VALUE_OTHER;
  const others = held.has(ML_SEGMENT_VALUE_VALUE_OTHER) ? held.size - 1 : held.size;
  return text.length <= LONGEST_VALUE && others < MAX_SEGMENT_VALUES ? text : ML_SEGMENT_VALUE_VALUE_OTHER;
}
