import {
  ATTR_DRIFTLINE_ALERT_SEVERITY,
  ATTR_DRIFTLINE_ALERT_STATE,
  ATTR_DRIFTLINE_RULE_NAME,
  ATTR_ML_DATA_QUALITY_RULE,
  ATTR_ML_DRIFT_METHOD,
  ATTR_ML_DRIFT_STATE,
  ATTR_ML_PERFORMANCE_METRIC,
  ATTR_ML_PERFORMANCE_SOURCE,
  ATTR_ML_SECURITY_PATTERN,
  METRIC_DRIFTLINE_ALERT_STATUS,
  METRIC_DRIFTLINE_REFERENCE_AGE,
  METRIC_DRIFTLINE_WINDOW_LAG,
  METRIC_DRIFTLINE_WINDOW_LATE_ROWS,
  METRIC_DRIFTLINE_WINDOW_ROWS,
  METRIC_ML_DATA_QUALITY_VIOLATION_RATIO,
  METRIC_ML_DRIFT_DETECTABLE_SIZE,
  METRIC_ML_DRIFT_FEATURE_RATIO,
  METRIC_ML_DRIFT_P_VALUE,
  METRIC_ML_DRIFT_SCORE,
  METRIC_ML_DRIFT_STATUS,
  METRIC_ML_DRIFT_THRESHOLD,
  METRIC_ML_PERFORMANCE_LOWER_BOUND,
  METRIC_ML_PERFORMANCE_UPPER_BOUND,
  METRIC_ML_PERFORMANCE_VALUE,
  METRIC_ML_SECURITY_DETECTIONS,
  ML_DRIFT_METHOD_VALUE_SIZE,
  type MetricName,
} from '@driftline/semantic-conventions';
import type { Alert } from '../alert/alert.ts';
import { violationsOf } from '../evaluate/data-quality/judgement/evidence.ts';
import type {
  DriftState,
  FeatureMeasurement,
  PerformanceMeasurement,
  SegmentMeasurement,
} from '../evaluate/measurement.ts';
import { segmentKey } from '../evaluate/segment.ts';
import { subjectKey } from '../evaluate/subjects.ts';
import { multivariateScores } from './multivariate-results.ts';
import { isJudgement, type PublicationState } from './publication-state.ts';
import { modelAttributes, segmentAttributes, subjectAttributes } from './result-attributes.ts';

/** One series with its present value. */
export interface ResultPoint {
  readonly metric: MetricName;
  /** Of whom it is said: the observed service, or this one. */
  readonly resource: Readonly<Record<string, string>>;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly value: number;
  /** Start of a sum, in milliseconds since the epoch. */
  readonly since: number;
  /** What goes first when there are too many: the greatest. */
  readonly dispensability: Dispensability;
}

/** The model itself, what is not ok of features and then of segments, and what is ok in the same order. */
export type Dispensability = 0 | 1 | 2 | 3 | 4;

export interface PublishedModel {
  readonly state: PublicationState;
  readonly alerts: readonly Alert[];
  /** When its last window was judged, by the clock of the service. */
  readonly judgedAt: number;
  readonly windowMs: number;
  readonly referenceCreatedAt?: number;
}

export interface GaugeOptions {
  readonly now: number;
  readonly pValue: boolean;
  readonly methods: 'deciding' | 'all';
}

/** No data for long: what was last said is no longer true of the present. */
export function isQuiet({ judgedAt, windowMs }: PublishedModel, now: number): boolean {
  return now - judgedAt > Math.max(3 * windowMs, 3_600_000);
}

/** Everything to publish of one model, each point with its present value. */
export function pointsOf(published: PublishedModel, options: GaugeOptions): readonly ResultPoint[] {
  const { state, alerts } = published;
  return [
    ...modelPoints(published, options),
    ...state.latest.features.flatMap((feature) => featurePoints(state, feature, options)),
    ...(state.latest.segments ?? []).flatMap((segment) => segmentPoints(state, segment, options)),
    ...alerts.flatMap(alertPoints),
  ];
}

/** The last word about a model without data, said once: insufficient data. Active alerts go on. */
export function lastPointsOf({ state }: PublishedModel): readonly ResultPoint[] {
  return modelStatus(state, 'insufficient_data');
}

export function alertPoints(alert: Alert): readonly ResultPoint[] {
  if (alert.transition === 0) return [];
  return alertStates.map((state) => ({
    metric: METRIC_DRIFTLINE_ALERT_STATUS,
    resource: alert.model.resource,
    attributes: {
      ...modelAttributes(alert.model),
      [ATTR_DRIFTLINE_RULE_NAME]: alert.rule,
      [ATTR_DRIFTLINE_ALERT_SEVERITY]: alert.severity,
      [ATTR_DRIFTLINE_ALERT_STATE]: state,
    },
    value: alert.state === state ? 1 : 0,
    since: alert.activeSince,
    dispensability: 0,
  }));
}

/** Leaves out what is over the bound: first what is said of features that are ok, those of segments before all others. */
export function capped(points: readonly ResultPoint[], maxSeries: number) {
  const byNeed = points.toSorted((one, other) => one.dispensability - other.dispensability);
  return { kept: byNeed.slice(0, maxSeries), cappedSeries: Math.max(0, byNeed.length - maxSeries) };
}

const driftStates = ['ok', 'warning', 'drift', 'insufficient_data', 'no_reference'] as const satisfies DriftState[];
const alertStates = ['pending', 'firing', 'resolved'] as const satisfies Alert['state'][];

function modelPoints(
  { state, referenceCreatedAt }: PublishedModel,
  { now, pValue }: GaugeOptions,
): readonly ResultPoint[] {
  const { latest } = state;
  const judged = latest.features.filter(({ state }) => isJudgement(state));
  const drifted = judged.filter((feature) => feature.state === 'drift');
  const values: readonly (readonly [ResultPoint['metric'], number | undefined])[] = [
    [METRIC_ML_DRIFT_FEATURE_RATIO, judged.length === 0 ? undefined : drifted.length / judged.length],
    [METRIC_DRIFTLINE_WINDOW_ROWS, latest.rows],
    [METRIC_DRIFTLINE_WINDOW_LAG, (now - latest.windowEnd) / 1_000],
    [METRIC_DRIFTLINE_WINDOW_LATE_ROWS, state.lateRows],
    [METRIC_DRIFTLINE_REFERENCE_AGE, referenceCreatedAt && (now - referenceCreatedAt) / 1_000],
  ];
  return [
    ...modelStatus(state, latest.state),
    ...values.flatMap(([metric, value]) => point(state, metric, value)),
    ...violationPoints(state, '', violationsOf(latest.quality ?? [], {}), {}),
    ...multivariateScores(latest, { pValue }).flatMap(({ metric, attributes, value }) =>
      point(state, metric, value, attributes),
    ),
    ...Object.entries(state.security ?? {}).flatMap(([pattern, count]) =>
      point(state, METRIC_ML_SECURITY_DETECTIONS, count, { [ATTR_ML_SECURITY_PATTERN]: pattern }),
    ),
    ...performancePoints(state, latest.performance),
  ];
}

function performancePoints(
  state: PublicationState,
  measured: readonly PerformanceMeasurement[],
  of: ResultPoint['attributes'] = {},
): readonly ResultPoint[] {
  return measured.flatMap((performance) => {
    const about = {
      ...of,
      [ATTR_ML_PERFORMANCE_METRIC]: performance.metric,
      [ATTR_ML_PERFORMANCE_SOURCE]: performance.source,
    };
    return [
      ...point(state, METRIC_ML_PERFORMANCE_VALUE, performance.value, about),
      ...point(state, METRIC_ML_PERFORMANCE_LOWER_BOUND, performance.lowerBound, about),
      ...point(state, METRIC_ML_PERFORMANCE_UPPER_BOUND, performance.upperBound, about),
    ];
  });
}

/** What is said of a segment that was judged; of another, its rows and how well the model did there. */
function segmentPoints(
  state: PublicationState,
  segment: SegmentMeasurement,
  options: GaugeOptions,
): readonly ResultPoint[] {
  const of = segmentAttributes(segment);
  const known = state.subjects[segmentKey(segment)];
  const status = (known?.entered ?? [segment.state]).flatMap((one) =>
    point(state, METRIC_ML_DRIFT_STATUS, one === segment.state ? 1 : 0, { ...of, [ATTR_ML_DRIFT_STATE]: one }),
  );
  const own = [
    ...point(state, METRIC_DRIFTLINE_WINDOW_ROWS, segment.rows, of),
    ...status,
    ...performancePoints(state, segment.performance, of),
  ];
  return [
    ...own.map((one): ResultPoint => ({ ...one, dispensability: 2 })),
    ...segment.features.flatMap((feature) => featurePoints(state, feature, options, segment)),
  ];
}

/** All five states, so that `== 1` and `== 0` both find a series from the first window on. */
function modelStatus(state: PublicationState, present: DriftState): readonly ResultPoint[] {
  return driftStates.flatMap((one) =>
    point(state, METRIC_ML_DRIFT_STATUS, one === present ? 1 : 0, { [ATTR_ML_DRIFT_STATE]: one }),
  );
}

function featurePoints(
  state: PublicationState,
  feature: FeatureMeasurement,
  { pValue, methods }: GaugeOptions,
  segment?: SegmentMeasurement,
): readonly ResultPoint[] {
  const about = { ...subjectAttributes(feature), ...(segment && segmentAttributes(segment)) };
  const dispensability: Dispensability =
    segment === undefined ? (feature.state === 'ok' ? 3 : 1) : feature.state === 'ok' ? 4 : 2;
  const history = state.subjects[subjectKey(feature, segment)];
  const limit = feature.judgedBy?.limit;
  const byDecider = { ...about, [ATTR_ML_DRIFT_METHOD]: limit?.method ?? ML_DRIFT_METHOD_VALUE_SIZE };
  const judgement = isJudgement(feature.state)
    ? [
        ...point(state, METRIC_ML_DRIFT_SCORE, feature.size, byDecider),
        // A limit of a p-value is no threshold of the score.
        ...(limit?.of === 'p' ? [] : point(state, METRIC_ML_DRIFT_THRESHOLD, feature.threshold, byDecider)),
        ...point(state, METRIC_ML_DRIFT_DETECTABLE_SIZE, feature.detectableSize, about),
        ...(pValue ? point(state, METRIC_ML_DRIFT_P_VALUE, limit?.p ?? feature.pAdjusted, byDecider) : []),
        ...Object.entries(methods === 'all' ? feature.scores : {}).flatMap(([method, score]) =>
          method === limit?.method
            ? []
            : point(state, METRIC_ML_DRIFT_SCORE, score, { ...about, [ATTR_ML_DRIFT_METHOD]: method }),
        ),
      ]
    : [];
  const status = (history?.entered ?? [feature.state]).flatMap((one) =>
    point(state, METRIC_ML_DRIFT_STATUS, one === feature.state ? 1 : 0, { ...about, [ATTR_ML_DRIFT_STATE]: one }),
  );
  const violations = violationPoints(state, subjectKey(feature, segment), feature.violations, about);
  return [...judgement, ...status, ...violations].map((one) => ({ ...one, dispensability }));
}

/** Only of rules that were ever broken; what whole rows break has neither feature nor output. */
function violationPoints(
  state: PublicationState,
  subject: string,
  violations: Readonly<Record<string, number>>,
  about: ResultPoint['attributes'],
): readonly ResultPoint[] {
  return (state.subjects[subject]?.violated ?? Object.keys(violations)).flatMap((rule) =>
    point(state, METRIC_ML_DATA_QUALITY_VIOLATION_RATIO, violations[rule] ?? 0, {
      ...about,
      [ATTR_ML_DATA_QUALITY_RULE]: rule,
    }),
  );
}

/** Nothing where there is no number: a gauge that cannot be computed is absent, never NaN. */
function point(
  { since, latest: { model } }: PublicationState,
  metric: ResultPoint['metric'],
  value: number | undefined,
  attributes: ResultPoint['attributes'] = {},
): readonly ResultPoint[] {
  if (value === undefined || !Number.isFinite(value)) return [];
  return [
    {
      metric,
      resource: model.resource,
      attributes: { ...modelAttributes(model), ...attributes },
      value,
      since,
      dispensability: 0,
    },
  ];
}
