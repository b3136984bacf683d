import { ATTR_ML_SEGMENT_NAME, ATTR_ML_SEGMENT_VALUE } from '@driftline/semantic-conventions';
import type { Attributes } from '../receive/unit.ts';

/** One value of one attribute, apart from the rest of the rows: country = DE. */
export interface Segment {
  readonly name: string;
  readonly value: string;
}

/** What a longer value would do to every table, label and message; whoever sends it chose it. */
export const LONGEST_SEGMENT_VALUE = 100;

/** Undefined for points of the whole, and for an attribute that a row does not have. */
export function segmentIn(attributes: Attributes): Segment | undefined {
  const name = attributes[ATTR_ML_SEGMENT_NAME];
  const value = attributes[ATTR_ML_SEGMENT_VALUE];
  if (name === undefined || value === undefined || value === '') return undefined;
  return { name: String(name), value: String(value) };
}

/** Tells segments apart, and from features: values come from senders. */
export function segmentKey({ name, value }: Segment): string {
  return `segment ${JSON.stringify([name, value])}`;
}
