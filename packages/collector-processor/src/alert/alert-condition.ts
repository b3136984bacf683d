import { timesItsLimit, timesLimit } from '../evaluate/drift/decision/times-its-limit.ts';
import type {
  CorrelationMeasurement,
  FeatureMeasurement,
  QualityFinding,
  WindowMeasurement,
} from '../evaluate/measurement.ts';
import type { Segment } from '../evaluate/segment.ts';
import { complaint } from '../settings/section.ts';
import { formatDuration, parseDuration } from '../settings/units.ts';
import {
  type AlertMetric,
  alertMetric,
  alertMetricNames,
  type Reading,
  segmentMetric,
  segmentMetricNames,
} from './alert-metric.ts';

export type Comparison = '<' | '<=' | '>' | '>=';

/** What a rule waits for. Plain data; `parseCondition` reads it from `when:`. */
export type AlertCondition =
  | { readonly kind: 'drift' }
  /** A rule of data quality or a declared constraint is violated. */
  | { readonly kind: 'quality' }
  | { readonly kind: 'no_data' }
  /** The same, asked of each segment: `segments.drift`, `segments.accuracy < 0.7`. */
  | { readonly kind: 'segments'; readonly of: WholeCondition }
  | ThresholdCondition;

export type WholeCondition = { readonly kind: 'drift' } | ThresholdCondition;

export interface ThresholdCondition {
  readonly kind: 'threshold';
  readonly metric: string;
  readonly comparison: Comparison;
  /** Seconds, a share of 1, or a plain number, as the metric's unit says. */
  readonly threshold: number;
}

/** What one window says about a condition. `unknown` neither starts nor ends an alert. */
export type Verdict =
  | {
      readonly kind: 'holds';
      readonly value: number;
      readonly threshold: number;
      /** Value and threshold are p-values. */
      readonly limitOf?: 'p';
      /** The worst one; absent where the condition is about the model as a whole. */
      readonly feature?: string;
      /** Every feature for which it holds, worst first. */
      readonly features: readonly string[];
      readonly direction?: string;
      readonly segment?: Segment;
      readonly segments?: readonly Segment[];
    }
  | { readonly kind: 'clear' }
  | { readonly kind: 'unknown' };

type Parsed<Condition> = { readonly condition: Condition } | { readonly complaint: string };

/**
 * Reads `drift`, `quality`, `no_data`, or `<metric> <comparison> <threshold>` such as `latency.p99 > 50ms`, `missing > 5%`; after
 * `segments.` a condition is asked of each segment.
 */
export function parseCondition(text: string): Parsed<AlertCondition> {
  const trimmed = text.trim();
  if (trimmed === 'no_data' || trimmed === 'quality') return { condition: { kind: trimmed } };
  if (!trimmed.startsWith(OF_SEGMENTS)) return parseWhole(trimmed, knownWords);
  const parsed = parseWhole(trimmed.slice(OF_SEGMENTS.length), wordsOfSegments);
  return 'complaint' in parsed ? parsed : { condition: { kind: 'segments', of: parsed.condition } };
}

const OF_SEGMENTS = 'segments.';

function parseWhole(trimmed: string, knownWords: readonly string[]): Parsed<WholeCondition> {
  if (trimmed === 'drift') return { condition: { kind: trimmed } };
  const [, metric, comparison, limit] = /^(.+?)\s*([<>]=?)\s*(\S+)$/s.exec(trimmed) ?? [];
  if (metric === undefined || limit === undefined || !isComparison(comparison)) {
    return { complaint: complaint(trimmed, knownWords) };
  }
  const known = knownWords === wordsOfSegments ? segmentMetric(metric) : alertMetric(metric);
  if (known === undefined) return { complaint: `: metric ${metric} ${complaint(metric, knownWords)}` };
  const threshold = parseThreshold(limit, known.unit);
  if (threshold === undefined) return { complaint: `: ${limit} must be ${expectedThreshold[known.unit]}` };
  return { condition: { kind: 'threshold', metric, comparison, threshold } };
}

export function formatCondition(condition: AlertCondition): string {
  if (condition.kind === 'segments') return OF_SEGMENTS + formatCondition(condition.of);
  if (condition.kind !== 'threshold') return condition.kind;
  const { metric, comparison, threshold } = condition;
  return `${metric} ${comparison} ${formatThreshold(threshold, alertMetric(metric)?.unit ?? 'number')}`;
}

/** Judges a window by a condition. `no_data` is a matter of the wall clock: any window with rows clears it. */
export function judge(condition: AlertCondition, window: WindowMeasurement): Verdict {
  if (condition.kind === 'drift') return judgeDrift(window);
  if (condition.kind === 'segments') return judgeSegments(condition.of, window);
  if (condition.kind === 'quality') return judgeFindings(window);
  if (condition.kind === 'threshold') return judgeThreshold(condition, window);
  return window.rows > 0 ? { kind: 'clear' } : { kind: 'unknown' };
}

function judgeDrift({ state, features, correlation }: WindowMeasurement): Verdict {
  if (state === 'no_reference' || state === 'insufficient_data') return { kind: 'unknown' };
  if (state !== 'drift') return { kind: 'clear' };
  const drifted = features
    .filter((feature) => feature.state === 'drift')
    .toSorted((one, other) => timesItsLimit(other) - timesItsLimit(one));
  const [worst] = drifted;
  if (worst === undefined) return correlation?.state === 'drift' ? correlationHolds(correlation) : { kind: 'unknown' };
  return {
    kind: 'holds',
    ...readingOf(worst),
    feature: worst.name,
    features: drifted.map(({ name }) => name),
    direction: worst.direction,
  };
}

/** The score of a method says nothing beside a limit of its p-value. */
function readingOf({ size, threshold, judgedBy }: FeatureMeasurement) {
  const limit = judgedBy?.limit;
  return limit?.of === 'p'
    ? { value: limit.p ?? 1, threshold: limit.at, limitOf: limit.of }
    : { value: size, threshold };
}

/** No feature moved, but they go together otherwise. */
function correlationHolds({ size, threshold, direction, pairs }: CorrelationMeasurement): Verdict {
  const features = [...new Set(pairs.flatMap((pair) => pair.features))];
  return { kind: 'holds', value: size, threshold, features, direction };
}

/** Each segment is asked as if it were the model; one that cannot tell does not speak for the others. */
function judgeSegments(condition: WholeCondition, { segments = [], ...window }: WindowMeasurement): Verdict {
  const judged = segments.map((segment) => {
    const { name, value, rows, state, features, performance } = segment;
    // What is counted for the model as a whole alone is not the segment's.
    const { model, windowStart, windowEnd, lateRows } = window;
    const about = { model, windowStart, windowEnd, lateRows };
    const verdict = judge(condition, { ...about, rows, state, features, performance });
    return { segment: { name, value }, verdict };
  });
  const held = judged
    .flatMap(({ segment, verdict }) => (verdict.kind === 'holds' ? [{ ...verdict, segment }] : []))
    .toSorted((one, other) => badness(condition, other) - badness(condition, one));
  const [worst] = held;
  if (worst !== undefined) return { ...worst, segments: held.map(({ segment }) => segment) };
  return { kind: judged.some(({ verdict }) => verdict.kind === 'clear') ? 'clear' : 'unknown' };
}

/** Sizes of different features have different limits; of one metric, the farther from its threshold the worse. */
function badness(
  condition: WholeCondition,
  { value, threshold, limitOf }: Extract<Verdict, { readonly kind: 'holds' }>,
): number {
  if (condition.kind !== 'drift') return Math.abs(value - threshold);
  return timesLimit({ of: limitOf ?? 'score', at: threshold, score: value, p: value });
}

/** The violation that is farthest above its limit comes first. A window without a judgement cannot tell. */
function judgeFindings({ quality = [], rows, state }: WindowMeasurement): Verdict {
  const violated = quality
    .filter((finding) => finding.state === 'violated')
    .toSorted((one, other) => excessOf(other) - excessOf(one));
  const [worst] = violated;
  if (worst === undefined) return rows === 0 || state === 'insufficient_data' ? { kind: 'unknown' } : { kind: 'clear' };
  const features = [...new Set(violated.flatMap(({ name }) => name ?? []))];
  return {
    kind: 'holds',
    value: worst.ratio,
    threshold: worst.limit ?? 0,
    ...(worst.name !== undefined && { feature: worst.name }),
    features,
    direction: worst.detail === undefined ? worst.rule : `${worst.rule}, ${worst.detail}`,
  };
}

function excessOf({ ratio, limit = 0 }: QualityFinding): number {
  return ratio - limit;
}

function judgeThreshold({ metric, comparison, threshold }: ThresholdCondition, window: WindowMeasurement): Verdict {
  const readings = alertMetric(metric)?.readings(window) ?? [];
  if (readings.length === 0) return { kind: 'unknown' };
  const isWorse = comparison.startsWith('>')
    ? (one: Reading, other: Reading) => other.value - one.value
    : (one: Reading, other: Reading) => one.value - other.value;
  const held = readings.filter(({ value }) => compare[comparison](value, threshold)).toSorted(isWorse);
  const [worst] = held;
  if (worst === undefined) return { kind: 'clear' };
  return {
    kind: 'holds',
    value: worst.value,
    threshold,
    ...(worst.feature === undefined ? {} : { feature: worst.feature }),
    features: held.flatMap(({ feature }) => feature ?? []),
  };
}

const compare: Readonly<Record<Comparison, (value: number, threshold: number) => boolean>> = {
  '<': (value, threshold) => value < threshold,
  '<=': (value, threshold) => value <= threshold,
  '>': (value, threshold) => value > threshold,
  '>=': (value, threshold) => value >= threshold,
};

function isComparison(text: string | undefined): text is Comparison {
  return text !== undefined && Object.hasOwn(compare, text);
}

const expectedThreshold: Readonly<Record<AlertMetric['unit'], string>> = {
  seconds: 'a duration such as 50ms or 2s',
  share: 'a share such as 5% or 0.05',
  number: 'a number',
};

function parseThreshold(text: string, unit: AlertMetric['unit']): number | undefined {
  if (unit === 'seconds') {
    const ms = parseDuration(text);
    return ms === undefined ? undefined : ms / 1_000;
  }
  const [, digits, percent] = /^(-?\d+(?:\.\d+)?)(%?)$/.exec(text) ?? [];
  if (digits === undefined || (percent === '%' && unit !== 'share')) return undefined;
  return percent === '%' ? Number(digits) / 100 : Number(digits);
}

function formatThreshold(threshold: number, unit: AlertMetric['unit']): string {
  return unit === 'seconds' ? formatDuration(Number((threshold * 1_000).toPrecision(12))) : String(threshold);
}

const knownWords = ['drift', 'quality', 'no_data', ...alertMetricNames, 'segments.drift'];

const wordsOfSegments = ['drift', ...segmentMetricNames];
