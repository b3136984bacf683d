import {
  ATTR_DRIFTLINE_ALERT_ID,
  ATTR_DRIFTLINE_ALERT_PREVIOUS_STATE,
  ATTR_DRIFTLINE_ALERT_SEVERITY,
  ATTR_DRIFTLINE_ALERT_SINCE,
  ATTR_DRIFTLINE_ALERT_STATE,
  ATTR_DRIFTLINE_ALERT_THRESHOLD,
  ATTR_DRIFTLINE_ALERT_VALUE,
  ATTR_DRIFTLINE_EVENT_ID,
  ATTR_DRIFTLINE_RULE_NAME,
  ATTR_ML_DATA_QUALITY_LIMIT,
  ATTR_ML_DATA_QUALITY_RATIO,
  ATTR_ML_DATA_QUALITY_ROWS,
  ATTR_ML_DATA_QUALITY_RULE,
  ATTR_ML_DATA_QUALITY_STATE,
  ATTR_ML_DRIFT_DIRECTION,
  ATTR_ML_DRIFT_FLOOR,
  ATTR_ML_DRIFT_HORIZON,
  ATTR_ML_DRIFT_METHOD,
  ATTR_ML_DRIFT_P_VALUE,
  ATTR_ML_DRIFT_PART,
  ATTR_ML_DRIFT_PREVIOUS_STATE,
  ATTR_ML_DRIFT_ROWS,
  ATTR_ML_DRIFT_SIZE,
  ATTR_ML_DRIFT_STATE,
  ATTR_ML_FEATURE_NAME,
  ATTR_ML_SAMPLE_TRACE_IDS,
  ATTR_ML_SECURITY_OBSERVATIONS,
  ATTR_ML_SECURITY_PATTERN,
  ATTR_ML_WINDOW_END,
  ATTR_ML_WINDOW_START,
  ATTR_URL_FULL,
  EVENT_DRIFTLINE_ALERT_CHANGE,
  EVENT_ML_DATA_QUALITY_CHANGE,
  EVENT_ML_DRIFT_CHANGE,
  EVENT_ML_SECURITY_CHANGE,
  type EventName,
  type EventSeverity,
  ML_DRIFT_METHOD_VALUE_SIZE,
  SEVERITY_ERROR,
  SEVERITY_INFO,
  SEVERITY_WARN,
} from '@driftline/semantic-conventions';
import type { AlertChange } from '../alert/alert.ts';
import type { DriftState, FeatureMeasurement, QualityFinding, WindowMeasurement } from '../evaluate/measurement.ts';
import { type Segment, segmentKey } from '../evaluate/segment.ts';
import { CORRELATION_KEY, subjectKey } from '../evaluate/subjects.ts';
import type { ModelIdentity } from '../receive/unit.ts';
import { correlationAttributes } from './multivariate-results.ts';
import { isJudgement, type PublicationState } from './publication-state.ts';
import { modelAttributes, segmentAttributes, subjectAttributes } from './result-attributes.ts';
import { uuidV5 } from './uuid-v5.ts';

/** A log record to publish. Plain JSON: it waits in the outbox, committed together with the change it tells of. */
export interface ResultEvent {
  /** The same for the same change, whoever finds it and however often: receivers drop repeats by it. */
  readonly id: string;
  readonly name: EventName;
  readonly severity: EventSeverity;
  /** The end of the window, in milliseconds since the epoch. */
  readonly at: number;
  readonly resource: Readonly<Record<string, string>>;
  readonly attributes: Readonly<Record<string, string | number | readonly string[]>>;
}

/** One event for each feature, output, segment and model whose judgement changed, and one where features go together otherwise. */
export function driftChangeEvents(
  before: PublicationState | undefined,
  window: WindowMeasurement,
  deploymentId: string,
): readonly ResultEvent[] {
  const changed = (key: string, state: DriftState) => {
    // At first sight nothing was known to be wrong, so being ok is no news.
    const previous = before?.subjects[key]?.judged ?? 'ok';
    return isJudgement(state) && state !== previous ? previous : undefined;
  };
  const event = (key: string, state: DriftState, previous: DriftState, about: ResultEvent['attributes']) =>
    resultEvent(deploymentId, window.model, {
      name: EVENT_ML_DRIFT_CHANGE,
      severity: state === 'drift' ? SEVERITY_WARN : SEVERITY_INFO,
      at: window.windowEnd,
      identity: [key, state],
      attributes: {
        [ATTR_ML_DRIFT_STATE]: state,
        [ATTR_ML_DRIFT_PREVIOUS_STATE]: previous,
        [ATTR_ML_WINDOW_START]: window.windowStart / 1_000,
        [ATTR_ML_WINDOW_END]: window.windowEnd / 1_000,
        ...about,
      },
    });
  const ofFeature = (feature: FeatureMeasurement, segment?: Segment): readonly ResultEvent[] => {
    const key = subjectKey(feature, segment);
    const previous = changed(key, feature.state);
    const about = { ...judgementAttributes(feature), ...(segment && segmentAttributes(segment)) };
    return previous === undefined ? [] : [event(key, feature.state, previous, about)];
  };
  const ofModel = changed('', window.state);
  const { correlation } = window;
  const ofCorrelation = correlation && changed(CORRELATION_KEY, correlation.state);
  return [
    ...(ofModel === undefined ? [] : [event('', window.state, ofModel, { [ATTR_ML_DRIFT_ROWS]: window.rows })]),
    ...(correlation === undefined || ofCorrelation === undefined
      ? []
      : [event(CORRELATION_KEY, correlation.state, ofCorrelation, correlationAttributes(correlation))]),
    ...window.features.flatMap((feature) => ofFeature(feature)),
    ...(window.segments ?? []).flatMap((segment) => {
      const key = segmentKey(segment);
      const previous = changed(key, segment.state);
      const about = { ...segmentAttributes(segment), [ATTR_ML_DRIFT_ROWS]: segment.rows };
      return [
        ...(previous === undefined ? [] : [event(key, segment.state, previous, about)]),
        ...segment.features.flatMap((feature) => ofFeature(feature, segment)),
      ];
    }),
  ];
}

/** One event for each rule that is violated from this window on, and for each that no longer is. */
export function qualityChangeEvents(
  before: PublicationState | undefined,
  window: WindowMeasurement,
  deploymentId: string,
): readonly ResultEvent[] {
  const known = new Map((before?.latest.quality ?? []).map((finding) => [findingKey(finding), finding]));
  const present = new Map((window.quality ?? []).map((finding) => [findingKey(finding), finding]));
  const began = [...present].filter(([key, { state }]) => state === 'violated' && known.get(key)?.state !== 'violated');
  // A rule that is not mentioned has nothing to complain of, unless the window had too few rows to tell.
  const ended =
    window.state === 'insufficient_data'
      ? []
      : [...known].filter(([key, { state }]) => state === 'violated' && (present.get(key)?.state ?? 'ok') === 'ok');
  const event = (key: string, finding: QualityFinding, isViolated: boolean) =>
    resultEvent(deploymentId, window.model, {
      name: EVENT_ML_DATA_QUALITY_CHANGE,
      severity: isViolated ? SEVERITY_WARN : SEVERITY_INFO,
      at: window.windowEnd,
      identity: [key],
      attributes: {
        ...findingSubject(finding),
        [ATTR_ML_DATA_QUALITY_RULE]: finding.rule,
        [ATTR_ML_DATA_QUALITY_STATE]: isViolated ? 'violated' : 'ok',
        [ATTR_ML_DATA_QUALITY_RATIO]: finding.ratio,
        ...(finding.limit !== undefined && { [ATTR_ML_DATA_QUALITY_LIMIT]: finding.limit }),
        [ATTR_ML_DATA_QUALITY_ROWS]: finding.rows,
        [ATTR_ML_WINDOW_START]: window.windowStart / 1_000,
        [ATTR_ML_WINDOW_END]: window.windowEnd / 1_000,
      },
    });
  return [
    ...began.map(([key, finding]) => event(key, finding, true)),
    ...ended.map(([key, finding]) =>
      event(key, present.get(key) ?? { ...finding, ratio: 0, rows: window.rows }, false),
    ),
  ];
}

function findingKey({ role, name, rule }: QualityFinding): string {
  return JSON.stringify([role, name, rule]);
}

function findingSubject({ role, name }: QualityFinding): Record<string, string> {
  return role === undefined || name === undefined ? {} : subjectAttributes({ role, name });
}

/** One event for each pattern that begins in a window or is over with it. */
export function securityChangeEvents(
  before: PublicationState | undefined,
  window: WindowMeasurement,
  deploymentId: string,
): readonly ResultEvent[] {
  const { security: earlier = {} } = before?.latest ?? {};
  const { security: present = {} } = window;
  return [...new Set([...Object.keys(earlier), ...Object.keys(present)])]
    .filter((pattern) => Object.hasOwn(earlier, pattern) !== Object.hasOwn(present, pattern))
    .map((pattern) =>
      resultEvent(deploymentId, window.model, {
        name: EVENT_ML_SECURITY_CHANGE,
        severity: Object.hasOwn(present, pattern) ? SEVERITY_WARN : SEVERITY_INFO,
        at: window.windowEnd,
        identity: [pattern],
        attributes: {
          [ATTR_ML_SECURITY_PATTERN]: pattern,
          [ATTR_ML_SECURITY_OBSERVATIONS]: Object.hasOwn(present, pattern) ? (present[pattern] ?? 0) : 0,
          [ATTR_ML_WINDOW_START]: window.windowStart / 1_000,
          [ATTR_ML_WINDOW_END]: window.windowEnd / 1_000,
        },
      }),
    );
}

export function alertChangeEvents(
  changes: readonly AlertChange[],
  deploymentId: string,
  pageUrl?: string,
): readonly ResultEvent[] {
  return changes.map(({ alert, previous, at }) =>
    resultEvent(deploymentId, alert.model, {
      name: EVENT_DRIFTLINE_ALERT_CHANGE,
      severity: alert.state === 'firing' ? severityNumbers[alert.severity] : SEVERITY_INFO,
      at,
      identity: [alert.id, String(alert.transition)],
      attributes: {
        [ATTR_DRIFTLINE_RULE_NAME]: alert.rule,
        [ATTR_DRIFTLINE_ALERT_ID]: alert.id,
        // A pending alert that was called off is over; the conventions have one word for that.
        [ATTR_DRIFTLINE_ALERT_STATE]: alert.state === 'inactive' ? 'resolved' : alert.state,
        ...(previous === 'inactive' ? {} : { [ATTR_DRIFTLINE_ALERT_PREVIOUS_STATE]: previous }),
        [ATTR_DRIFTLINE_ALERT_SEVERITY]: alert.severity,
        [ATTR_DRIFTLINE_ALERT_VALUE]: alert.value,
        [ATTR_DRIFTLINE_ALERT_THRESHOLD]: alert.threshold,
        [ATTR_DRIFTLINE_ALERT_SINCE]: alert.activeSince / 1_000,
        ...(alert.feature === undefined ? {} : { [ATTR_ML_FEATURE_NAME]: alert.feature }),
        ...(alert.segment && segmentAttributes(alert.segment)),
        ...(pageUrl === undefined ? {} : { [ATTR_URL_FULL]: pageUrl }),
      },
    }),
  );
}

const severityNumbers = { info: SEVERITY_INFO, warning: SEVERITY_WARN, critical: SEVERITY_ERROR } as const;

function judgementAttributes(feature: FeatureMeasurement): ResultEvent['attributes'] {
  const limit = feature.judgedBy?.limit;
  return {
    ...subjectAttributes(feature),
    [ATTR_ML_DRIFT_METHOD]: limit?.method ?? ML_DRIFT_METHOD_VALUE_SIZE,
    [ATTR_ML_DRIFT_PART]: feature.part,
    [ATTR_ML_DRIFT_DIRECTION]: feature.direction,
    [ATTR_ML_DRIFT_HORIZON]: feature.horizon,
    [ATTR_ML_DRIFT_SIZE]: feature.size,
    // A limit of a p-value is none of the size.
    ...(limit?.of === 'p' ? {} : { [ATTR_ML_DRIFT_FLOOR]: feature.threshold }),
    [ATTR_ML_DRIFT_P_VALUE]: limit?.p ?? feature.pAdjusted,
    [ATTR_ML_DRIFT_ROWS]: feature.rows,
    ...(feature.sampleTraceIds && { [ATTR_ML_SAMPLE_TRACE_IDS]: feature.sampleTraceIds }),
  };
}

function resultEvent(
  deploymentId: string,
  model: ModelIdentity,
  { identity, attributes, ...rest }: Omit<ResultEvent, 'id' | 'resource'> & { readonly identity: readonly string[] },
): ResultEvent {
  const id = uuidV5(JSON.stringify([deploymentId, model.key, rest.name, ...identity, rest.at]));
  return {
    id,
    ...rest,
    resource: model.resource,
    attributes: { ...modelAttributes(model), ...attributes, [ATTR_DRIFTLINE_EVENT_ID]: id },
  };
}
