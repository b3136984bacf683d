import {
  ATTR_ML_FEATURE_OBSERVATION_STATUS,
  ATTR_ML_SECURITY_PATTERN,
  attributes,
} from '@driftline/semantic-conventions';
import { qualityRules } from '../evaluate/data-quality/index.ts';
import type { QualityRule } from '../evaluate/data-quality/quality-rule.ts';
import { performanceMetrics } from '../evaluate/performance/index.ts';
import type { FeatureMeasurement, WindowMeasurement } from '../evaluate/measurement.ts';

/** What a rule may compare with a threshold. */
export interface AlertMetric {
  readonly unit: 'seconds' | 'share' | 'number';
  /** One reading for the model, or one for each feature; none where this window cannot tell. */
  readings(window: WindowMeasurement): readonly Reading[];
}

export interface Reading {
  readonly value: number;
  readonly feature?: string;
}

/**
 * `latency.p99`, `accuracy`, `quality.missing` or `missing` (of any feature), `features.age.missing` (of one), `rows`, ...
 */
export function alertMetric(name: string): AlertMetric | undefined {
  const [, rule] = /^quality\.([a-z_]+)$/.exec(name) ?? [];
  if (rule !== undefined) return rules.some((one) => one.name === rule) ? alertMetric(rule) : undefined;
  const [, feature, measure] = /^features\.(.+)\.([a-z_]+)$/s.exec(name) ?? [];
  if (feature !== undefined && measure !== undefined) {
    const ofAll = featureMetrics.get(measure);
    return ofAll && { ...ofAll, readings: (window) => ofAll.readings(window).filter((one) => one.feature === feature) };
  }
  return modelMetrics.get(name) ?? featureMetrics.get(name);
}

/** The same of a segment, of which less is counted. */
export function segmentMetric(name: string): AlertMetric | undefined {
  const [, measure = name] = /^(?:quality|features\..+)\.([a-z_]+)$/s.exec(name) ?? [];
  return measuresOfSegments.includes(measure) ? alertMetric(name) : undefined;
}

const securityPatterns = attributes[ATTR_ML_SECURITY_PATTERN].values;

const rules: readonly QualityRule[] = qualityRules;
const ruleNames = (about: QualityRule['about']) => rules.filter((rule) => rule.about === about).map(({ name }) => name);

const featureMetrics: ReadonlyMap<string, AlertMetric> = new Map([
  ['size', ofFeatures('number', (feature) => (isJudged(feature) ? feature.size : undefined))],
  ...ruleNames('feature').map(
    (rule) => [rule, ofFeatures('share', ({ violations }) => violations[rule] ?? 0)] as const,
  ),
]);

const modelMetrics: ReadonlyMap<string, AlertMetric> = new Map([
  ['rows', ofModel('number', ({ rows }) => rows)],
  ['late_rows', ofModel('number', ({ lateRows }) => lateRows)],
  ['correlation', ofModel('number', ({ correlation }) => (isJudged(correlation) ? correlation?.size : undefined))],
  ['reconstruction_error', ofModel('number', ({ reconstruction }) => reconstruction?.error)],
  ['weighted_drift', ofModel('number', ({ ranking }) => ranking?.weightedDrift)],
  ...(['p50', 'p95', 'p99'] as const).map(
    (quantile) => [`latency.${quantile}`, ofModel('seconds', ({ latency }) => latency?.[quantile])] as const,
  ),
  ...securityPatterns.map(
    (pattern) => [`security.${pattern}`, ofModel('number', ({ security }) => security?.[pattern] ?? 0)] as const,
  ),
  ...ruleNames('rows').map((rule) => [rule, ofModel('share', (window) => ofRows(window, rule))] as const),
  ...performanceMetrics.map(({ name }) => [name, ofModel('number', performance(name, 'realised'))] as const),
]);

export const alertMetricNames: readonly string[] = [
  ...modelMetrics.keys(),
  ...featureMetrics.keys(),
  'features.<name>.missing',
  'quality.<rule>',
];

/** What is wrong with a value is counted with it; what is wrong with a column or with rows, for the whole model alone. */
const statuses: readonly unknown[] = attributes[ATTR_ML_FEATURE_OBSERVATION_STATUS].values;
const measuresOfSegments: readonly string[] = [
  'size',
  'rows',
  ...performanceMetrics.map(({ name }) => name),
  ...ruleNames('feature').filter((rule) => statuses.includes(rule)),
];

export const segmentMetricNames: readonly string[] = [
  ...measuresOfSegments,
  'features.<name>.missing',
  'quality.missing',
];

/** Undefined where no sender looks at whole rows. */
function ofRows({ quality = [] }: WindowMeasurement, rule: string): number | undefined {
  return quality.find((finding) => finding.rule === rule && finding.name === undefined)?.ratio;
}

function ofModel(unit: AlertMetric['unit'], read: (window: WindowMeasurement) => number | undefined): AlertMetric {
  return {
    unit,
    readings: (window) => {
      const value = read(window);
      return value === undefined ? [] : [{ value }];
    },
  };
}

function ofFeatures(unit: AlertMetric['unit'], read: (feature: FeatureMeasurement) => number | undefined): AlertMetric {
  return {
    unit,
    readings: ({ features }) =>
      features.flatMap((feature) => {
        const value = read(feature);
        return value === undefined ? [] : [{ value, feature: feature.name }];
      }),
  };
}

function performance(metric: string, source: 'realised' | 'estimated') {
  return (window: WindowMeasurement) =>
    window.performance.find((one) => one.metric === metric && one.source === source)?.value;
}

function isJudged(judged: Pick<FeatureMeasurement, 'state'> | undefined): boolean {
  return judged !== undefined && judged.state !== 'no_reference' && judged.state !== 'insufficient_data';
}
