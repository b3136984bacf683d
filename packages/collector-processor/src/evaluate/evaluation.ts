import type { AlertChange } from '../alert/alert.ts';
import type { AlertEngine } from '../alert/alert-engine.ts';
import type { ModelIdentity } from '../receive/unit.ts';
import { type Comparable, nothingToCompareWith } from '../reference/model-references.ts';
import { type NamedReferences, segmentReference } from '../reference/named-references.ts';
import { referenceMeasurement } from '../reference/reference-findings.ts';
import type { ModelSettings } from '../settings.ts';
import { violationsOf } from './data-quality/judgement/evidence.ts';
import type { QualityCounts } from './data-quality/judgement/quality-counts.ts';
import { alphaOf, horizonsOf } from './drift/decision/budget.ts';
import { limitsOf } from './drift/decision/fixed-limit.ts';
import { type DriftMemory, stepDriftState } from './drift/decision/hysteresis.ts';
import { type JudgedFeature, judge } from './drift/decision/judge.ts';
import { knownDesignEffect } from './drift/decision/overdispersion.ts';
import { worstState } from './drift/decision/state.ts';
import { isJudged, LATENCY } from './judged-subject.ts';
import type { EvaluationState } from './evaluation-state.ts';
import {
  judgeMultivariate,
  levelsOf,
  type MomentsPair,
  type MultivariateVerdict,
  pairMoments,
} from './multivariate/multivariate.ts';
import { rankFeatures, statesByRole } from './ranking.ts';
import type { ReportedMoments } from './multivariate/reported-moments.ts';
import type {
  FeatureMeasurement,
  Horizon,
  PerformanceMeasurement,
  ReferenceMeasurement,
  SegmentMeasurement,
  WindowMeasurement,
} from './measurement.ts';
import { type Observations, sketchOf, totalRows } from './observations.ts';
import { performanceMetrics } from './performance/index.ts';
import type { RealisedOutcomes } from './performance/performance-metric.ts';
import type { SampleTraces } from './samples.ts';
import type { SecurityCounts } from './security.ts';
import { segmentKey } from './segment.ts';
import { areSegmentsJudged, segmentMeasurements, SHARE_OF_WHOLE } from './segment-measurements.ts';
import type { SegmentsOfWindow } from './segment-observations.ts';
import { CORRELATION_KEY, remembered, subjectKey } from './subjects.ts';
import { measurementOf, type ObservedVerdict, toldVerdicts, verdictsByReference } from './told-verdicts.ts';
import { sharesOf, windowQuality } from './window-quality.ts';

export interface EvaluationInput {
  readonly model: ModelIdentity;
  readonly windowStart: number;
  readonly windowEnd: number;
  /** The window by itself and, where it is shorter than an hour, merged with the panes before it. */
  readonly observations: ObservationsByHorizon;
  /** Absent where settings chose no attribute. */
  readonly segments?: SegmentsOfWindow;
  /** How features varied together; absent where nobody said. */
  readonly moments?: Readonly<Partial<Record<Horizon, readonly ReportedMoments[]>>>;
  readonly outcomes: RealisedOutcomes;
  readonly security: SecurityCounts;
  /** What senders counted for data quality beside distributions. */
  readonly quality?: QualityCounts;
  readonly samples: SampleTraces;
  readonly lateRows: number;
  /** Each is judged by itself, and has an equal part of the budget. */
  readonly references: readonly NamedReferences[];
  /** How much the model heeds its features, by name. */
  readonly importances?: ReadonlyMap<string, number>;
  readonly settings: ModelSettings;
  readonly alerts: AlertEngine;
  readonly state: EvaluationState;
}

type ObservationsByHorizon = Readonly<Partial<Record<Horizon, readonly Observations[]>>>;

export interface Evaluation {
  readonly state: Pick<EvaluationState, 'features' | 'alerts'>;
  readonly measurement: WindowMeasurement;
  readonly alertChanges: readonly AlertChange[];
  /** Of every horizon and reference, before the worst is told: what limits are chosen from. */
  readonly verdicts: readonly ObservedVerdict[];
}

/**
 * Judges one window of one model. A pure function of sealed panes: the same input gives the same output, whoever
 * evaluates and however often.
 */
export function evaluate(input: EvaluationInput): Evaluation {
  const { model, windowStart, windowEnd, settings, state } = input;
  const window = input.observations.window ?? [];
  const [shortest] = horizonsIn(input);
  const segmentsAgainst = segmentReference(input.references, settings.segments)?.at.window;
  const isSegmented = segmentsAgainst !== undefined && areSegmentsJudged(segmentsAgainst, settings.segments);
  const moments = momentsIn(input);
  const shares = levelsOf(isSegmented ? SHARE_OF_WHOLE : 1, moments.length > 0);
  const judged = judgeAll(input, shares.features);
  const verdicts = judged.flatMap((one) => one.verdicts);
  const byReference = verdictsByReference(input.references, verdicts, shortest);
  const quality = windowQuality({ ...input, horizons: horizonsIn(input) });
  const whole = told(input, verdicts, (observed) => violationsOf(quality.ofWindow, observed));
  const apart = isSegmented && input.segments ? toldOfSegments(input, input.segments) : [];
  const features = whole.map(({ key, feature }): FeatureMeasurement => {
    return byReference.has(key) ? { ...feature, references: byReference.get(key) ?? [] } : feature;
  });
  const rows = totalRows(window);

  const multivariate = multivariateOf(input, moments, shares.correlation);
  const states = [...features, ...(multivariate ? [multivariate.correlation] : [])].map(({ state }) => state);

  const measurement: WindowMeasurement = {
    model,
    windowStart,
    windowEnd,
    rows,
    lateRows: input.lateRows,
    // Outcomes alone say nothing about drift, whatever the reference.
    state: features.length === 0 ? 'insufficient_data' : worstState(states),
    features,
    states: statesByRole(features),
    ranking: rankFeatures(
      features.filter(({ role }) => role === 'feature'),
      (name) => input.importances?.get(name),
    ),
    references: judged.filter(({ horizon }) => horizon === shortest).map((one) => measured(input, one)),
    performance: performanceOf(input.outcomes, settings.outcomes.metrics),
    ...(input.segments && { segments: segmentsOf(input, input.segments, { judged: apart, rows }) }),
    ...(quality.told.length > 0 && { quality: quality.told }),
    ...(multivariate && { correlation: multivariate.correlation }),
    ...(multivariate?.reconstruction && { reconstruction: multivariate.reconstruction }),
    ...(Object.keys(input.security).length > 0 && { security: input.security }),
    ...latencyOf(window),
  };
  const { alerts, changes } = input.alerts.step(state.alerts, [measurement], windowEnd);
  const ofFeatures = [...whole, ...apart].map(({ key, memory }) => [key, memory] as const);
  const memories = Object.fromEntries(
    multivariate ? [...ofFeatures, [CORRELATION_KEY, multivariate.memory] as const] : ofFeatures,
  );
  return {
    state: { features: remembered(state.features, memories), alerts },
    measurement,
    alertChanges: changes,
    verdicts,
  };
}

function momentsIn(input: EvaluationInput): readonly MomentsPair[] {
  const { moments = {}, references, settings } = input;
  if (!settings.quality.correlation) return [];
  const isIgnored = (name: string) => settings.features[name]?.ignore === true;
  const designEffect = knownDesignEffect(settings.drift);
  return references.flatMap(({ at }) =>
    horizonsIn(input).flatMap((horizon) =>
      pairMoments(moments[horizon] ?? [], {
        horizon,
        isIgnored,
        designEffect,
        referenceOf: (one) => at[horizon].moments?.(one),
      }),
    ),
  );
}

function multivariateOf(
  input: EvaluationInput,
  moments: readonly MomentsPair[],
  share: number,
): (MultivariateVerdict & { readonly memory: DriftMemory }) | undefined {
  const { settings, windowEnd, windowStart } = input;
  const perHorizon = alphaOf({
    falseAlarmsPerMonth: settings.drift.falseAlarmsPerMonth,
    stepMs: windowEnd - windowStart,
    horizons: horizonsIn(input).length,
  });
  const verdict = judgeMultivariate(moments, { alpha: share * perHorizon, minRows: settings.window.minRows });
  if (verdict === undefined) return undefined;
  const memory = stepDriftState(input.state.features[CORRELATION_KEY], verdict.correlation.state);
  return { ...verdict, correlation: { ...verdict.correlation, state: memory.state }, memory };
}

/** Every horizon against every reference in use. */
function judgeAll(input: EvaluationInput, share: number): readonly Judged[] {
  const horizons = horizonsIn(input);
  const level = { share, hypotheses: horizons.length * Math.max(1, input.references.length) };
  return input.references.flatMap((reference) =>
    horizons.map((horizon) => judgeHorizon(input, reference, horizon, level)),
  );
}

interface Told {
  readonly observed: Observations;
  /** By which its state is remembered. */
  readonly key: string;
  readonly memory: DriftMemory;
  readonly feature: FeatureMeasurement;
}

/** With what is remembered of each: drift does not end with the first window without it. */
function told(
  input: EvaluationInput,
  verdicts: readonly ObservedVerdict[],
  violationsIn: (observed: Observations) => FeatureMeasurement['violations'],
): readonly Told[] {
  return toldVerdicts(verdicts, horizonsIn(input)[0]).map((verdict) => {
    const { observed } = verdict;
    const key = subjectKey(observed, observed.segment);
    const memory = stepDriftState(input.state.features[key], verdict.state);
    const measured = measurementOf(verdict, memory.state, violationsIn(observed));
    return { observed, key, memory, feature: { ...measured, ...sampled(observed, input.samples) } };
  });
}

/** What decides is stored and published of each segment; the other methods would be many times as much again. */
function toldOfSegments(input: EvaluationInput, { observations }: SegmentsOfWindow): readonly Told[] {
  const { settings } = input;
  const against = segmentReference(input.references, settings.segments);
  const ofSegments: EvaluationInput = {
    ...input,
    observations,
    references: against === undefined ? [] : [against],
    settings: { ...settings, drift: { ...settings.drift, report: [] } },
    samples: new Map(),
  };
  return told(
    ofSegments,
    judgeAll(ofSegments, 1 - SHARE_OF_WHOLE).flatMap(({ verdicts }) => verdicts),
    ({ statuses }) => sharesOf(statuses, settings.quality.rules),
  );
}

function segmentsOf(
  { references, settings }: EvaluationInput,
  { apart, folded }: SegmentsOfWindow,
  { judged, rows }: { readonly judged: readonly Told[]; readonly rows: number },
): readonly SegmentMeasurement[] {
  const bySegment = Map.groupBy(judged, ({ observed }) => (observed.segment ? segmentKey(observed.segment) : ''));
  return segmentMeasurements({
    names: settings.segments,
    apart,
    folded,
    rows,
    references: segmentReference(references, settings.segments)?.at.window ?? nothingToCompareWith,
    features: new Map([...bySegment].map(([key, ofSegment]) => [key, ofSegment.map(({ feature }) => feature)])),
    performanceOf: ({ outcomes }) => performanceOf(outcomes, settings.outcomes.metrics),
  });
}

type ComparedObservations = Comparable & { readonly observed: Observations };

/** One horizon against one reference. */
interface Judged {
  readonly reference: NamedReferences;
  readonly horizon: Horizon;
  readonly compared: readonly ComparedObservations[];
  readonly verdicts: readonly ObservedVerdict[];
}

function measured(
  { windowEnd, settings, observations }: EvaluationInput,
  { reference, compared }: Judged,
): ReferenceMeasurement {
  const hasEnoughRows = totalRows(observations.window ?? []) >= settings.window.minRows;
  return referenceMeasurement({
    reference,
    compared,
    windowEnd,
    hasEnoughRows,
    isJudged: (subject) => isJudged(subject, settings),
    maxAgeMs: settings.maxReferenceAge,
  });
}

function judgeHorizon(
  input: EvaluationInput,
  reference: NamedReferences,
  horizon: Horizon,
  level: { readonly share: number; readonly hypotheses: number },
): Judged {
  const { settings, windowEnd, windowStart } = input;
  const references = reference.at[horizon];
  const compared = (input.observations[horizon] ?? [])
    .filter((observed) => isJudged(observed, settings))
    // Of the rows of one country, the country says nothing.
    .filter(({ role, name, segment }) => !(role === 'feature' && name === segment?.name))
    .map((observed) => ({ observed, ...references.compare(observed) }));
  const alpha =
    level.share *
    alphaOf({
      falseAlarmsPerMonth: settings.drift.falseAlarmsPerMonth,
      stepMs: windowEnd - windowStart,
      horizons: level.hypotheses,
    });
  const designEffect = knownDesignEffect(settings.drift);
  const verdicts = judge({
    features: compared.map(({ observed, current, dependence, ...one }): JudgedFeature => {
      const floor = settings.features[observed.name]?.drift?.floor ?? settings.drift.floor;
      const limits = limitsOf(settings.drift, settings.features[observed.name]?.drift);
      const own = dependence && { ...dependence, designEffect };
      return { name: observed.name, reference: one.reference, current, floor, limits, dependence: own };
    }),
    alpha,
    minRows: settings.window.minRows,
    methods: settings.drift.report,
    calibration: references.calibration,
    designEffect,
  });
  return {
    reference,
    horizon,
    compared,
    verdicts: verdicts.flatMap((verdict, i) => {
      const one = compared[i];
      if (one === undefined) return [];
      const { observed, referenceId } = one;
      return [{ ...verdict, observed, horizon, reference, referenceId, alpha }];
    }),
  };
}

function horizonsIn({ observations, settings, windowStart, windowEnd }: EvaluationInput): readonly Horizon[] {
  const wanted = horizonsOf(windowEnd - windowStart).filter(
    (horizon) => settings.drift.horizons.includes(horizon) && observations[horizon] !== undefined,
  );
  // An hour that has but one window so far, or windows that are as long, are judged by themselves.
  return wanted.length === 0 ? ['window'] : wanted;
}

function sampled({ role, name }: Observations, samples: SampleTraces): Pick<FeatureMeasurement, 'sampleTraceIds'> {
  const sampleTraceIds = role === 'feature' ? samples.get(name) : undefined;
  return sampleTraceIds === undefined ? {} : { sampleTraceIds };
}

function performanceOf(outcomes: RealisedOutcomes, wanted: readonly string[]): readonly PerformanceMeasurement[] {
  return performanceMetrics
    .filter(({ name }) => wanted.includes(name))
    .flatMap((metric) => {
      const estimate = metric.compute(outcomes);
      return estimate === undefined ? [] : [{ metric: metric.name, source: 'realised' as const, ...estimate }];
    });
}

function latencyOf(window: readonly Observations[]): Pick<WindowMeasurement, 'latency'> {
  const observed = window.find(({ role, name }) => role === 'output' && name === LATENCY);
  const distribution = observed?.distributions.get('none');
  if (distribution === undefined) return {};
  const sketch = sketchOf(distribution);
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => sketch.quantile(share));
  return p50 === undefined || p95 === undefined || p99 === undefined ? {} : { latency: { p50, p95, p99 } };
}
