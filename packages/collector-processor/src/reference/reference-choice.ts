import type { ReferenceProfile } from '@driftline/sketches';
import { inUseOf, type ReferenceBook } from './reference-book.ts';
import type { ReferenceSource } from './reference-sources.ts';
import type { RollingPlan } from './rolling-plan.ts';

/** What the settings say of one model's references. */
export interface ConfiguredModel {
  /** The current one first; older ones are for senders that have not been deployed again yet. */
  readonly profiles: readonly ReferenceProfile[];
  readonly sources: readonly ReferenceSource[];
  /** Of the sources that move along with time. */
  readonly plans: readonly RollingPlan[];
  /** How many rows of early traffic make its reference; undefined where the settings name another one. */
  readonly rowsToCapture: number | undefined;
}

/** The reference that the settings name first; undefined where it is one that is captured. */
export function firstConfigured({ sources, profiles, plans }: ConfiguredModel): string | undefined {
  const [first] = sources;
  if (first?.kind === 'profile') return profiles[0]?.id;
  return first?.kind === 'previous' || first?.kind === 'seasonal' ? plans[0]?.id : undefined;
}

export function availableIds(book: ReferenceBook, { profiles, plans }: ConfiguredModel): ReadonlySet<string> {
  return new Set([...book.versions, ...profiles, ...plans].map(({ id }) => id));
}

/** The main one, which captures and pins stand in for; undefined while there is none. */
export function mainInUse(book: ReferenceBook, configured: ConfiguredModel): string | undefined {
  const first = firstConfigured(configured);
  return inUseOf(book, first === undefined ? undefined : { id: first }, availableIds(book, configured));
}

/** The main one, and those that the settings name beside it. */
export function idsInUse(book: ReferenceBook, configured: ConfiguredModel): readonly string[] {
  const { sources, profiles, plans } = configured;
  const main = mainInUse(book, configured);
  const first = firstConfigured(configured);
  const beside = sources.slice(1).flatMap(({ kind }) => {
    if (kind === 'profile') return profiles[0]?.id ?? [];
    return kind === 'capture' ? (book.versions.at(-1)?.id ?? []) : [];
  });
  const moving = plans.map(({ id }) => id).filter((id) => id !== first);
  return [...new Set([...(main === undefined ? [] : [main]), ...beside, ...moving])];
}
