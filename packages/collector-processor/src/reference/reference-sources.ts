import type { ModelDefaults } from '../settings.ts';
import { formatDuration } from '../settings/units.ts';
import type { RollingSource } from './rolling-plan.ts';

/** What windows are compared with, as the settings say. */
export type ReferenceSource =
  | { readonly kind: 'profile'; readonly path: string }
  | { readonly kind: 'capture'; readonly rows: number; readonly everyMs?: number | undefined }
  | RollingSource;

type Written = ModelDefaults['reference'];

/** The first is the one that captures and pins stand in for; the others are judged beside it. */
export function referenceSources(written: Written): readonly ReferenceSource[] {
  return Array.isArray(written) ? written.map(sourceOf) : [sourceOf(written)];
}

function sourceOf(written: Exclude<Written, readonly unknown[]>): ReferenceSource {
  if (typeof written === 'string') return { kind: 'profile', path: written };
  if (written.previous !== undefined) return { kind: 'previous', periodMs: written.previous };
  if (written.seasonal !== undefined) {
    const { seasonal, periods, minPeriods } = written;
    return { kind: 'seasonal', cycle: seasonal, periods, minPeriods };
  }
  return { kind: 'capture', rows: written.capture?.rows ?? DEFAULT_CAPTURE_ROWS, everyMs: written.capture?.every };
}

export function profilePaths(written: Written): readonly string[] {
  return referenceSources(written).flatMap((source) => (source.kind === 'profile' ? [source.path] : []));
}

export const DEFAULT_CAPTURE_ROWS = 10_000;

/** In words, for what the service says when it starts. */
export function describeReference(written: Written): string {
  // Of a model that the profile is not for.
  const sources = referenceSources(written).filter(({ kind }, i) => i === 0 || kind !== 'profile');
  return sources.map(described).join(', and ');
}

function described(source: ReferenceSource): string {
  switch (source.kind) {
    case 'profile':
      return `the first ${DEFAULT_CAPTURE_ROWS.toLocaleString('en')} rows`;
    case 'capture':
      return `the first ${source.rows.toLocaleString('en')} rows`;
    case 'previous':
      return `the ${formatDuration(source.periodMs)} before`;
    case 'seasonal':
      return `the same hour of earlier ${source.cycle === 'daily' ? 'days' : 'weeks'}`;
  }
}
