import { segmentText } from '@driftline/sketches';

/** One value of each dimension: `{ country: 'DE' }`. */
export type Segment = Readonly<Record<string, string>>;

/** Of a whole call, or of each of its rows. */
export type Segmented = Segment | readonly (Segment | undefined)[] | undefined;

/** More dimensions of one model are counted in the whole alone. */
export const MAX_SEGMENT_NAMES = 5;

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
      const value = Object.hasOwn(row, name) ? segmentText(row[name]) : '';
      return value === '' ? [] : [[name, value]];
    }),
  );
}

export function isList<One>(value: One | readonly One[]): value is readonly One[] {
  return Array.isArray(value);
}
