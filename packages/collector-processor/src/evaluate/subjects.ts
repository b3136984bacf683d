import type { FeatureMeasurement } from './measurement.ts';
import { type Segment, segmentKey } from './segment.ts';

/** Tells a feature from an output of the same name, and both from those of a segment. */
export function subjectKey({ role, name }: Pick<FeatureMeasurement, 'role' | 'name'>, segment?: Segment): string {
  const key = `${role} ${name}`;
  return segment === undefined ? key : `${segmentKey(segment)} ${key}`;
}

/** How features go together: a subject beside the features, whose keys have a role in front. */
export const CORRELATION_KEY = 'correlation';

/**
 * What is known of each subject, with what this window says of it. Senders choose the names: beyond the bound, whatever
 * was not seen for longest is forgotten.
 */
export function remembered<T>(
  before: Readonly<Record<string, T>>,
  seen: Readonly<Record<string, T>>,
): Readonly<Record<string, T>> {
  const now = Object.entries(seen);
  const others = Object.entries(before).filter(([key]) => !Object.hasOwn(seen, key));
  const room = Math.max(0, MOST_SUBJECTS - now.length);
  return Object.fromEntries([...others.slice(Math.max(0, others.length - room)), ...now]);
}

const MOST_SUBJECTS = 10_000;
