import type { CustomaryLimit, DriftMethod } from '../drift-method.ts';
import { driftMethods as registered } from '../index.ts';
import type { ComparedFeature } from './feature-counts.ts';
import { reportedScores } from './reported-scores.ts';
import { timesLimit } from './times-its-limit.ts';

/** The score from which on it is drift, or the p-value below which it is. */
export type FixedLimit = Pick<CustomaryLimit, 'of' | 'at'>;

/** By method. */
export type FixedLimits = Readonly<Record<string, FixedLimit>>;

/** What one method says against its limit. */
export interface LimitReading extends FixedLimit {
  readonly method: string;
  readonly score: number;
  readonly p?: number;
}

/** Who decides about a feature, as it stands in the settings. */
export interface DecidingMethod {
  readonly method?: string | undefined;
  readonly limits?: Readonly<Record<string, FixedLimit | undefined>> | undefined;
}

const driftMethods: readonly DriftMethod[] = registered;

/** `0.25`, or `p < 0.01`. */
export function parseLimit(text: string): FixedLimit | undefined {
  const [, p, number = ''] = /^(p\s*<\s*)?(\d*\.?\d+(?:e[+-]?\d+)?)$/i.exec(text.trim()) ?? [];
  const at = Number(number);
  if (!(at > 0) || !Number.isFinite(at)) return undefined;
  if (p === undefined) return { of: 'score', at };
  return at < 1 ? { of: 'p', at } : undefined;
}

export function formatLimit({ of, at }: FixedLimit): string | number {
  return of === 'p' ? `p < ${at}` : at;
}

/** With its own method or limits a feature is judged by them alone; a method that is named and has no limit has its customary one. */
export function limitsOf(model: DecidingMethod, feature: DecidingMethod = {}): FixedLimits {
  const method = feature.method ?? model.method ?? 'auto';
  const limits = present(feature.limits ?? (feature.method === 'auto' ? {} : (model.limits ?? {})));
  if (method === 'auto') return limits;
  const limit = limits[method] ?? present(model.limits ?? {})[method] ?? customaryLimit(method);
  return limit === undefined ? {} : { [method]: limit };
}

export function customaryLimit(method: string): FixedLimit | undefined {
  const [limit] = driftMethods.find(({ name }) => name === method)?.customaryLimits ?? [];
  return limit && { of: limit.of, at: limit.at };
}

/** The method that is farthest beyond its limit, or closest to it; undefined where none of them reads this feature. */
export function readLimits(feature: ComparedFeature, limits: FixedLimits, phi: number): LimitReading | undefined {
  const { scores, scorePValues } = reportedScores(feature, { phi, methods: Object.keys(limits) });
  const readings = Object.entries(limits).flatMap(([method, limit]): LimitReading[] => {
    const [score, p] = [scores[method], scorePValues[method]];
    if (score === undefined || (limit.of === 'p' && p === undefined)) return [];
    return [{ method, ...limit, score, ...(p !== undefined && { p }) }];
  });
  return readings.toSorted((one, other) => timesLimit(other) - timesLimit(one))[0];
}

/** At the limit too: 0.2 counted in tenths is 0.19999999999999998. */
export function isReached({ of, at, score, p = 1 }: LimitReading): boolean {
  return of === 'p' ? p < at : score >= at * (1 - 1e-12);
}

function present(limits: Readonly<Record<string, FixedLimit | undefined>>): FixedLimits {
  return Object.fromEntries(
    Object.entries(limits).flatMap(([method, limit]) => (limit === undefined ? [] : [[method, limit]])),
  );
}
