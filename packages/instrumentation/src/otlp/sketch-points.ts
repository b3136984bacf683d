import {
  ATTR_ML_FEATURE_CATEGORY,
  ATTR_ML_FEATURE_CHECK_NAME,
  ATTR_ML_FEATURE_CHECK_RESULT,
  ATTR_ML_FEATURE_KIND,
  ATTR_ML_FEATURE_NAME,
  ATTR_ML_FEATURE_OBSERVATION_STATUS,
  ATTR_ML_FEATURE_PROJECTION,
  ATTR_ML_FEATURE_VIOLATION_TYPE,
  ATTR_ML_MODEL_NAME,
  ATTR_ML_MODEL_VERSION,
  ATTR_ML_OUTPUT_NAME,
  ATTR_ML_REFERENCE_ID,
  ATTR_ML_SECURITY_PATTERN,
  ATTR_ML_SEGMENT_NAME,
  ATTR_ML_SEGMENT_VALUE,
  METRIC_ML_FEATURE_CATEGORY_OBSERVATIONS,
  METRIC_ML_FEATURE_DISTINCT,
  METRIC_ML_FEATURE_OBSERVATIONS,
  METRIC_ML_FEATURE_ROWS,
  METRIC_ML_FEATURE_VALUE,
  METRIC_ML_FEATURE_VIOLATIONS,
  METRIC_ML_OUTPUT_CATEGORY_OBSERVATIONS,
  METRIC_ML_OUTPUT_OBSERVATIONS,
  METRIC_ML_OUTPUT_VALUE,
  METRIC_ML_SECURITY_OBSERVATIONS,
  ML_FEATURE_CHECK_NAME_VALUE_DUPLICATE,
  ML_FEATURE_CHECK_NAME_VALUE_SCHEMA,
  ML_FEATURE_CHECK_RESULT_VALUE_FAIL,
  ML_FEATURE_CHECK_RESULT_VALUE_PASS,
  ML_FEATURE_OBSERVATION_STATUS_VALUE_FAILED,
  ML_FEATURE_OBSERVATION_STATUS_VALUE_UNEXPECTED,
  ML_OUTPUT_NAME_VALUE_LATENCY,
} from '@driftline/semantic-conventions';
import {
  DistinctValues,
  EdgeHistogram,
  type ExponentialHistogram,
  type FeatureSketch,
  normProjection,
  otherCategory,
} from '@driftline/sketches';
import type { QualitySketches } from '../quality-sketches.ts';
import type { ModelSketches, SketchSet } from '../model-sketches.ts';
import { type Attributes, keyValues } from './attributes.ts';
import { exponentialPoint, type Extremes, histogramPoint, numberPoint, type PointTimes } from './points.ts';
import type { SketchPoint } from './requests.ts';

/** All points of one model in one period: one start, one end. */
export function sketchPoints(
  model: ModelSketches,
  endNs: bigint,
  { sendsExtremes, minimumRows }: Extremes & { readonly minimumRows: number },
): readonly SketchPoint[] {
  const { name, version, reference } = model.model;
  const of = { [ATTR_ML_MODEL_NAME]: name, [ATTR_ML_MODEL_VERSION]: version };
  const times = { startTimeUnixNano: String(model.startNs), timeUnixNano: String(endNs), sendsExtremes };
  const whole = new PointWriter(of, reference?.id, times);
  // A segment of too few rows shows them as well as a period would; they are counted in the whole.
  const largeSegments = [...model.segments()].filter(({ sketches }) => sketches.rows >= minimumRows);
  const segments = largeSegments.flatMap(({ name, value, sketches }) =>
    new PointWriter({ ...of, [ATTR_ML_SEGMENT_NAME]: name, [ATTR_ML_SEGMENT_VALUE]: value }, reference?.id, times).all(
      sketches,
    ),
  );
  return [...whole.all(model.whole), ...segments, ...whole.security(model.security), ...whole.quality(model.quality)];
}

/** Features and outputs differ in their metrics' names and in the attribute that names them. */
interface Subject {
  readonly nameAttribute: typeof ATTR_ML_FEATURE_NAME | typeof ATTR_ML_OUTPUT_NAME;
  readonly value: SketchPoint['metric'];
  readonly categories: SketchPoint['metric'];
  readonly observations: SketchPoint['metric'];
}

const feature: Subject = {
  nameAttribute: ATTR_ML_FEATURE_NAME,
  value: METRIC_ML_FEATURE_VALUE,
  categories: METRIC_ML_FEATURE_CATEGORY_OBSERVATIONS,
  observations: METRIC_ML_FEATURE_OBSERVATIONS,
};

const output: Subject = {
  nameAttribute: ATTR_ML_OUTPUT_NAME,
  value: METRIC_ML_OUTPUT_VALUE,
  categories: METRIC_ML_OUTPUT_CATEGORY_OBSERVATIONS,
  observations: METRIC_ML_OUTPUT_OBSERVATIONS,
};

class PointWriter {
  readonly #of: Attributes;
  readonly #referenceId: string | undefined;
  readonly #times: PointTimes & Extremes;

  constructor(of: Attributes, referenceId: string | undefined, times: PointTimes & Extremes) {
    this.#of = of;
    this.#referenceId = referenceId;
    this.#times = times;
  }

  all({ features, outputs }: SketchSet): readonly SketchPoint[] {
    const unexpected = ML_FEATURE_OBSERVATION_STATUS_VALUE_UNEXPECTED;
    const failed = ML_FEATURE_OBSERVATION_STATUS_VALUE_FAILED;
    return [
      ...[...features.features.values()].flatMap((sketch) => this.#sketch(feature, sketch)),
      ...[...publicNames(features.unexpected)].flatMap(([name, rows]) =>
        this.#observations(feature, name, { [unexpected]: rows }),
      ),
      ...[...outputs.byName.values()].flatMap((sketch) => this.#sketch(output, sketch)),
      ...this.#latency(outputs.latency),
      ...this.#observations(output, ML_OUTPUT_NAME_VALUE_LATENCY, { [failed]: outputs.failedCalls }),
    ];
  }

  security(observations: ReadonlyMap<string, number>): readonly SketchPoint[] {
    return [...observations].map(([pattern, count]) =>
      this.#sum(METRIC_ML_SECURITY_OBSERVATIONS, count, { [ATTR_ML_SECURITY_PATTERN]: pattern }),
    );
  }

  quality({ compared, validated, distinct, violations }: QualitySketches): readonly SketchPoint[] {
    return [
      ...this.#check(ML_FEATURE_CHECK_NAME_VALUE_DUPLICATE, compared),
      ...this.#check(ML_FEATURE_CHECK_NAME_VALUE_SCHEMA, validated),
      ...[...violations].flatMap(([feature, types]) =>
        [...types].map(([type, rows]) =>
          this.#sum(METRIC_ML_FEATURE_VIOLATIONS, rows, {
            [ATTR_ML_FEATURE_NAME]: feature,
            [ATTR_ML_FEATURE_VIOLATION_TYPE]: type,
          }),
        ),
      ),
      ...[...distinct].flatMap(([feature, values]) => this.#distinct(feature, values)),
    ];
  }

  #check(name: string, { passed, failed }: QualitySketches['compared']): readonly SketchPoint[] {
    const results = [
      [ML_FEATURE_CHECK_RESULT_VALUE_PASS, passed],
      [ML_FEATURE_CHECK_RESULT_VALUE_FAIL, failed],
    ] as const;
    return results.flatMap(([result, rows]) =>
      rows === 0
        ? []
        : [
            this.#sum(METRIC_ML_FEATURE_ROWS, rows, {
              [ATTR_ML_FEATURE_CHECK_NAME]: name,
              [ATTR_ML_FEATURE_CHECK_RESULT]: result,
            }),
          ],
    );
  }

  #distinct(feature: string, values: DistinctValues): readonly SketchPoint[] {
    if (values.isEmpty) return [];
    const { counts } = values;
    const { startTimeUnixNano, timeUnixNano } = this.#times;
    return [
      {
        metric: METRIC_ML_FEATURE_DISTINCT,
        kind: 'histogram',
        point: {
          attributes: keyValues({ ...this.#of, [ATTR_ML_FEATURE_NAME]: feature }),
          startTimeUnixNano,
          timeUnixNano,
          count: String(counts.reduce((sum, count) => sum + count, 0)),
          explicitBounds: DistinctValues.edges,
          bucketCounts: Array.from(counts, String),
        },
      },
    ];
  }

  #sketch(subject: Subject, sketch: FeatureSketch): readonly SketchPoint[] {
    const { name, kind, statuses } = sketch;
    const named = { [subject.nameAttribute]: name };
    const described = { ...named, ...(subject === feature && { [ATTR_ML_FEATURE_KIND]: kind }) };
    return [...this.#observations(subject, name, statuses), ...this.#values(subject, sketch, named, described)];
  }

  #values(subject: Subject, sketch: FeatureSketch, named: Attributes, described: Attributes): readonly SketchPoint[] {
    switch (sketch.kind) {
      case 'numeric':
        return this.#distribution(subject, sketch.distribution, described);
      case 'categorical': {
        const hasReference = subject === feature && 'missing' in sketch.definition;
        const onReference = hasReference ? { [ATTR_ML_REFERENCE_ID]: this.#referenceId } : {};
        return [...sketch.categories.counts].flatMap(([category, rows]) =>
          rows === 0
            ? []
            : [this.#sum(subject.categories, rows, { ...named, ...onReference, [ATTR_ML_FEATURE_CATEGORY]: category })],
        );
      }
      case 'embedding': {
        const projections = sketch.projections?.sketches ?? [];
        return projections.flatMap((projection, index) =>
          this.#distribution(subject, projection, {
            ...described,
            [ATTR_ML_FEATURE_PROJECTION]: index === projections.length - 1 ? normProjection : index,
          }),
        );
      }
    }
  }

  #distribution(
    { value: metric }: Subject,
    histogram: EdgeHistogram | ExponentialHistogram,
    attributes: Attributes,
    times = this.#times,
  ): readonly SketchPoint[] {
    if (histogram.count === 0) return [];
    if (!(histogram instanceof EdgeHistogram)) {
      const point = exponentialPoint(histogram, keyValues({ ...this.#of, ...attributes }), times);
      return [{ metric, kind: 'exponential', point }];
    }
    const onReference = { ...this.#of, ...attributes, [ATTR_ML_REFERENCE_ID]: this.#referenceId };
    return [{ metric, kind: 'histogram', point: histogramPoint(histogram, keyValues(onReference), times) }];
  }

  /** How long a call took is nobody's value. */
  #latency(histogram: ExponentialHistogram): readonly SketchPoint[] {
    const named = { [ATTR_ML_OUTPUT_NAME]: ML_OUTPUT_NAME_VALUE_LATENCY };
    return this.#distribution(output, histogram, named, { ...this.#times, sendsExtremes: true });
  }

  #observations(
    { observations, nameAttribute }: Subject,
    name: string,
    statuses: Readonly<Record<string, number>>,
  ): readonly SketchPoint[] {
    return Object.entries(statuses).flatMap(([status, rows]) =>
      rows === 0
        ? []
        : [this.#sum(observations, rows, { [nameAttribute]: name, [ATTR_ML_FEATURE_OBSERVATION_STATUS]: status })],
    );
  }

  #sum(metric: SketchPoint['metric'], rows: number, attributes: Attributes): SketchPoint {
    return { metric, kind: 'sum', point: numberPoint(rows, keyValues({ ...this.#of, ...attributes }), this.#times) };
  }
}

/** Keys that a model does not know come from whoever asked: what does not look like the name of a feature stays here. */
function publicNames(rowsByName: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const named = new Map<string, number>();
  for (const [name, rows] of rowsByName) {
    const told = looksLikeFeature.test(name) ? name : otherCategory;
    named.set(told, (named.get(told) ?? 0) + rows);
  }
  return named;
}

const looksLikeFeature = /^[\p{L}_$][\p{L}\d_.$-]{0,63}$/u;
