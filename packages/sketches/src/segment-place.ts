import { otherCategory } from './category-counts.ts';
import type { ReferenceProfile } from './reference-profile.ts';

/** Further values of a dimension are `_other`. */
const maxSegmentValues = 20;
/** A longer value is `_other`: whoever calls may have chosen it. */
const longestValue = 100;

/** Empty for a row that does not have the attribute, and for what is no single value. */
export function segmentText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : '';
}

/**
 * Which value to count under. Where the profile knows segments of this name, a value that it does not know has nothing to
 * be compared with and stays in the process; else the first values have a place each.
 */
export function segmentPlace(
  { name, value }: { readonly name: string; readonly value: unknown },
  held: { has(value: string): boolean; readonly size: number },
  reference: Pick<ReferenceProfile, 'segments'> | undefined,
): string | undefined {
  const text = segmentText(value);
  if (text === '' || held.has(text)) return text === '' ? undefined : text;
  const all = reference?.segments ?? {};
  const known = Object.hasOwn(all, name) ? all[name] : undefined;
  if (known !== undefined) return Object.hasOwn(known, text) ? text : otherCategory;
  const others = held.has(otherCategory) ? held.size - 1 : held.size;
  return text.length <= longestValue && others < maxSegmentValues ? text : otherCategory;
}
