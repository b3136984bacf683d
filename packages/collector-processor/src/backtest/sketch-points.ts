import {
  ATTR_ML_FEATURE_CATEGORY,
  ATTR_ML_FEATURE_CHECK_NAME,
  ATTR_ML_FEATURE_CHECK_RESULT,
  ATTR_ML_FEATURE_KIND,
  ATTR_ML_FEATURE_NAME,
  ATTR_ML_FEATURE_OBSERVATION_STATUS,
  ATTR_ML_FEATURE_PROJECTION,
  ATTR_ML_OUTPUT_NAME,
  ATTR_ML_REFERENCE_ID,
  EVENT_ML_FEATURE_COMOMENTS,
  METRIC_ML_FEATURE_CATEGORY_OBSERVATIONS,
  METRIC_ML_FEATURE_DISTINCT,
  METRIC_ML_FEATURE_OBSERVATIONS,
  METRIC_ML_FEATURE_ROWS,
  METRIC_ML_FEATURE_VALUE,
  METRIC_ML_OUTPUT_CATEGORY_OBSERVATIONS,
  METRIC_ML_OUTPUT_OBSERVATIONS,
  METRIC_ML_OUTPUT_VALUE,
  ML_FEATURE_CHECK_NAME_VALUE_DUPLICATE,
  ML_FEATURE_CHECK_RESULT_VALUE_FAIL,
  ML_FEATURE_CHECK_RESULT_VALUE_PASS,
} from '@driftline/semantic-conventions';
import {
  type CoMoments,
  DistinctValues,
  EdgeHistogram,
  type ExponentialHistogram,
  type FeatureSketch,
  normProjection,
} from '@driftline/sketches';
import { type AttributeSet, attributeSet } from '../receive/attributes.ts';
import type { Identities } from '../receive/identity.ts';
import type { AttributeValue, IdentifiedPoint, PointValue } from '../receive/unit.ts';
import type { QualityCounted } from './quality-counter.ts';

export type PointAttributes = Readonly<Record<string, AttributeValue | undefined>>;

/** Features and outputs differ in their metrics' names and in the attribute that names them. */
const subjects = {
  feature: {
    nameAttribute: ATTR_ML_FEATURE_NAME,
    value: METRIC_ML_FEATURE_VALUE,
    categories: METRIC_ML_FEATURE_CATEGORY_OBSERVATIONS,
    observations: METRIC_ML_FEATURE_OBSERVATIONS,
  },
  output: {
    nameAttribute: ATTR_ML_OUTPUT_NAME,
    value: METRIC_ML_OUTPUT_VALUE,
    categories: METRIC_ML_OUTPUT_CATEGORY_OBSERVATIONS,
    observations: METRIC_ML_OUTPUT_OBSERVATIONS,
  },
} as const;

export type Role = keyof typeof subjects;

/** Sketches as the points that the decoder would make of them, had they come over OTLP. */
export class PointWriter {
  readonly #identities: Identities;
  readonly #referenceId: string | undefined;
  readonly #more: PointAttributes;
  /** One set for what is said alike, by which series are remembered. */
  readonly #sets = new Map<string, AttributeSet>();

  /** `more` is what all points say besides: the segment that they are of. */
  constructor(identities: Identities, referenceId: string | undefined, more: PointAttributes = {}) {
    this.#identities = identities;
    this.#referenceId = referenceId;
    this.#more = more;
  }

  sketch(role: Role, sketch: FeatureSketch): readonly IdentifiedPoint[] {
    const { nameAttribute, observations } = subjects[role];
    const named = { [nameAttribute]: sketch.name };
    const statuses = Object.entries(sketch.statuses).flatMap(([status, rows]) =>
      this.#sum(observations, rows, { ...named, [ATTR_ML_FEATURE_OBSERVATION_STATUS]: status }),
    );
    return [...statuses, ...this.#values(role, sketch, named)];
  }

  coMoments({ features, count, means, sums }: CoMoments): IdentifiedPoint {
    const names = features.map(({ name }) => name);
    const value = { kind: 'comoments', names, count, means: means.slice(), sums: sums.slice() } as const;
    const stream = { metric: EVENT_ML_FEATURE_COMOMENTS, unit: '', temporality: 'delta', kind: 'comoments' } as const;
    const attributes = this.#attributes({ [ATTR_ML_REFERENCE_ID]: this.#referenceId });
    const series = this.#identities.series(this.#identities.stream(stream), attributes, JSON.stringify(names));
    return {
      tag: this.#identities.eventTag(series, JSON.stringify([count, ...means])),
      series: series.series,
      value,
    };
  }

  quality({ compared, distinct }: QualityCounted): readonly IdentifiedPoint[] {
    const rows = (result: string, count: number) =>
      this.#sum(METRIC_ML_FEATURE_ROWS, count, {
        [ATTR_ML_FEATURE_CHECK_NAME]: ML_FEATURE_CHECK_NAME_VALUE_DUPLICATE,
        [ATTR_ML_FEATURE_CHECK_RESULT]: result,
      });
    return [
      ...rows(ML_FEATURE_CHECK_RESULT_VALUE_PASS, compared.passed),
      ...rows(ML_FEATURE_CHECK_RESULT_VALUE_FAIL, compared.failed),
      ...[...distinct].flatMap(([name, values]) => this.#distinct(name, values)),
    ];
  }

  #distinct(name: string, values: DistinctValues): readonly IdentifiedPoint[] {
    const edges = this.#identities.edges(Float64Array.from(DistinctValues.edges));
    if (values.isEmpty || edges === undefined) return [];
    const counts = Float64Array.from(values.counts);
    const value = { kind: 'histogram', edges: edges.values, counts, sum: 0 } as const;
    const filled = counts.reduce((sum, count) => sum + count, 0);
    return [this.#point(METRIC_ML_FEATURE_DISTINCT, value, filled, 0, { [ATTR_ML_FEATURE_NAME]: name }, edges)];
  }

  #values(role: Role, sketch: FeatureSketch, named: PointAttributes): readonly IdentifiedPoint[] {
    const { value, categories } = subjects[role];
    const described = { ...named, ...(role === 'feature' && { [ATTR_ML_FEATURE_KIND]: sketch.kind }) };
    switch (sketch.kind) {
      case 'numeric':
        return this.#distribution(value, sketch.distribution, described);
      case 'categorical': {
        const hasReference = role === 'feature' && 'missing' in sketch.definition;
        const onReference = hasReference ? { [ATTR_ML_REFERENCE_ID]: this.#referenceId } : {};
        return [...sketch.categories.counts].flatMap(([category, rows]) =>
          this.#sum(categories, rows, { ...named, ...onReference, [ATTR_ML_FEATURE_CATEGORY]: category }),
        );
      }
      case 'embedding': {
        const projections = sketch.projections?.sketches ?? [];
        return projections.flatMap((projection, index) =>
          this.#distribution(value, projection, {
            ...described,
            [ATTR_ML_FEATURE_PROJECTION]: index === projections.length - 1 ? normProjection : index,
          }),
        );
      }
    }
  }

  #distribution(
    metric: string,
    histogram: EdgeHistogram | ExponentialHistogram,
    attributes: PointAttributes,
  ): readonly IdentifiedPoint[] {
    const { count } = histogram;
    if (count === 0) return [];
    if (histogram instanceof EdgeHistogram) {
      const edges = this.#identities.edges(histogram.edges.values);
      if (edges === undefined) return [];
      const value = { kind: 'histogram', edges: edges.values, counts: histogram.counts.slice(), sum: 0 } as const;
      const onReference = { ...attributes, [ATTR_ML_REFERENCE_ID]: this.#referenceId };
      return [this.#point(metric, value, count, 0, onReference, edges)];
    }
    const { scale, zeroCount, positive, negative } = histogram;
    const value = { kind: 'exponential', scale, zeroCount, positive, negative, sum: 0 } as const;
    return [this.#point(metric, value, count, 0, attributes, '')];
  }

  #sum(metric: string, rows: number, attributes: PointAttributes): readonly IdentifiedPoint[] {
    return rows === 0 ? [] : [this.#point(metric, { kind: 'sum', value: rows }, 0, rows, attributes, '')];
  }

  #point(
    metric: string,
    value: PointValue,
    count: number,
    sum: number,
    attributes: PointAttributes,
    shape: Parameters<Identities['series']>[2],
  ): IdentifiedPoint {
    const stream = this.#identities.stream({ metric, unit: '', temporality: 'delta', kind: value.kind });
    const series = this.#identities.series(stream, this.#attributes(attributes), shape);
    return { tag: this.#identities.tag(series, count, sum), series: series.series, value };
  }

  #attributes(attributes: PointAttributes): AttributeSet {
    const key = JSON.stringify(attributes);
    const known = this.#sets.get(key);
    if (known !== undefined) return known;
    const stated = Object.entries({ ...this.#more, ...attributes }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as const],
    );
    const set = attributeSet(new Map(stated));
    this.#sets.set(key, set);
    return set;
  }
}
