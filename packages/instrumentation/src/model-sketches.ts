import { type FeatureProfile, segmentPlace, segmentText } from '@driftline/sketches';
import type { FeatureRow } from './call-mappers.ts';
import type { ObservedModel } from './observed-model.ts';
import { OutputSketches } from './output-sketches.ts';
import type { PredictionParts } from './prediction.ts';
import { QualitySketches } from './quality-sketches.ts';
import { type SampledSpan, SpanSamples } from './span-samples.ts';
import { isList, MAX_SEGMENT_NAMES, type Segment, type Segmented } from './segments.ts';
import type { SecurityPatternName } from './security/security-pattern-name.ts';

export interface RecordedCall {
  /** Undefined where nobody measured. */
  readonly seconds: number | undefined;
  readonly predictions: readonly PredictionParts[];
  readonly hasFailed: boolean;
  readonly segment: Segmented;
}

export interface RecordedColumnValues {
  readonly features: Readonly<Record<string, ArrayLike<unknown>>>;
  readonly predictions: ArrayLike<number | string | undefined> | undefined;
  readonly rows: number;
  /** Of all rows, or one a row. */
  readonly segment: Readonly<Record<string, string | ArrayLike<unknown>>> | undefined;
}

/** What one model saw and answered in one period: as a whole, and once more by each segment. */
export class ModelSketches {
  readonly model: ObservedModel;
  readonly whole: SketchSet;
  /** Refused requests and suspicious rows. */
  readonly security = new Map<SecurityPatternName, number>();
  readonly quality = new QualitySketches();
  /** Spans to look at. */
  readonly samples = new SpanSamples();
  readonly #segments = new Map<string, Map<string, SketchSet>>();
  #startNs: bigint;

  constructor(model: ObservedModel, startNs: bigint) {
    this.model = model;
    this.whole = new SketchSet(model);
    this.#startNs = startNs;
  }

  get startNs(): bigint {
    return this.#startNs;
  }

  get rows(): number {
    return this.whole.rows;
  }

  /** Too few rows hide none among them; refusals alone have no values to show. */
  isTooFew(minimumRows: number): boolean {
    return this.rows > 0 && this.rows < minimumRows;
  }

  *segments(): Iterable<{ readonly name: string; readonly value: string; readonly sketches: SketchSet }> {
    for (const [name, byValue] of this.#segments) {
      for (const [value, sketches] of byValue) yield { name, value, sketches };
    }
  }

  /** Gives the features that had a value outside the reference: this sketch's own set, until the next row. */
  recordFeatures(rows: FeatureRow | readonly FeatureRow[], segment: Segmented): ReadonlySet<string> {
    const { outside } = this.whole.features;
    if (outside.size > 0) outside.clear();
    this.whole.recordFeatures(rows);
    this.#recordQuality(rows);
    if (!isList(segment)) {
      for (const sketches of this.#segmentSets(segment)) sketches.recordFeatures(rows);
    } else if (isBatch(rows)) {
      rows.forEach((row, i) => {
        for (const sketches of this.#segmentSets(segment[i])) sketches.recordFeatures(row);
      });
    }
    return outside;
  }

  recordSample(features: readonly string[], span: SampledSpan): void {
    this.samples.add(features, span);
  }

  /** Of a row, where it has one; of the whole alone. Gives it back. */
  recordAnomaly(score: number | undefined): number | undefined {
    this.whole.outputs.recordAnomaly(score);
    return score;
  }

  recordSecurity(pattern: SecurityPatternName, observations = 1): void {
    this.security.set(pattern, (this.security.get(pattern) ?? 0) + observations);
  }

  /** Gives the outputs that had a value outside the reference: this sketch's own set, until the next call. */
  recordCall(call: RecordedCall): ReadonlySet<string> {
    const { outside } = this.whole.outputs;
    if (outside.size > 0) outside.clear();
    this.whole.recordCall(call);
    for (const [sketches, predictions] of this.#predictionsBySegment(call)) {
      sketches.recordCall({ ...call, predictions });
    }
    return outside;
  }

  recordColumns(columns: RecordedColumnValues): void {
    this.whole.recordColumns(columns);
    this.#recordQualityOfColumns(columns);
    for (const [name, value] of Object.entries(columns.segment ?? {})) {
      if (typeof value === 'string') this.#segmentSet(name, value)?.recordColumns(columns);
      else
        for (const [one, rows] of rowsByValue(value)) this.#segmentSet(name, one)?.recordColumns(pick(columns, rows));
    }
  }

  /** Too few rows to leave alone join these; the unit then covers both periods. */
  takeEarlier(earlier: ModelSketches): void {
    this.whole.merge(earlier.whole);
    this.samples.merge(earlier.samples);
    this.quality.merge(earlier.quality);
    for (const [pattern, observations] of earlier.security) this.recordSecurity(pattern, observations);
    for (const { name, value, sketches } of earlier.segments()) this.#segmentSet(name, value)?.merge(sketches);
    this.#startNs = earlier.#startNs;
  }

  #recordQuality(rows: FeatureRow | readonly FeatureRow[]): void {
    const { quality } = this.model;
    if (quality === undefined) return;
    for (const row of isBatch(rows) ? rows : [rows]) this.quality.recordRow(row, quality, this.#isFeature);
  }

  #recordQualityOfColumns({ features, rows }: RecordedColumnValues): void {
    const { quality } = this.model;
    if (quality === undefined) return;
    if (quality.repeatedRows !== undefined) {
      const names = Object.keys(features);
      for (let i = 0; i < rows; i++) {
        const row = Object.fromEntries(names.map((name) => [name, features[name]?.[i]]));
        this.quality.recordRow(row, quality, this.#isFeature);
      }
      return;
    }
    for (const [name, values] of Object.entries(features)) {
      if (quality.countsValuesOf(name) && this.#isFeature(name)) this.quality.recordColumn(name, values);
    }
  }

  readonly #isFeature = (name: string): boolean => this.whole.features.features.has(name);

  /** Each segment's own answers: of a batch, those of its rows. */
  #predictionsBySegment({ predictions, segment }: RecordedCall): ReadonlyMap<SketchSet, readonly PredictionParts[]> {
    if (!isList(segment)) return new Map(this.#segmentSets(segment).map((sketches) => [sketches, predictions]));
    const bySegment = new Map<SketchSet, PredictionParts[]>();
    segment.forEach((one, i) => {
      for (const sketches of this.#segmentSets(one)) {
        const own = bySegment.get(sketches) ?? [];
        bySegment.set(sketches, own);
        const prediction = predictions.length === segment.length ? predictions[i] : undefined;
        if (prediction !== undefined) own.push(prediction);
      }
    });
    return bySegment;
  }

  #segmentSets(segment: Segment | undefined): readonly SketchSet[] {
    if (segment === undefined) return [];
    return Object.entries(segment).flatMap(([name, value]) => this.#segmentSet(name, value) ?? []);
  }

  #segmentSet(name: string, value: unknown): SketchSet | undefined {
    const byValue = this.#segments.get(name) ?? new Map<string, SketchSet>();
    if (!this.#segments.has(name)) {
      if (this.#segments.size >= MAX_SEGMENT_NAMES) return undefined;
      this.#segments.set(name, byValue);
    }
    const place = segmentPlace({ name, value }, byValue, this.model.reference);
    if (place === undefined) return undefined;
    const sketches = byValue.get(place) ?? new SketchSet(this.model);
    byValue.set(place, sketches);
    return sketches;
  }
}

export class SketchSet {
  readonly features: FeatureProfile;
  readonly outputs: OutputSketches;
  #rowsWithFeatures = 0;
  #rowsAnswered = 0;

  constructor(model: ObservedModel) {
    this.features = model.features.blank();
    this.outputs = new OutputSketches(model);
  }

  get rowsWithFeatures(): number {
    return this.#rowsWithFeatures;
  }

  /** A call may have features and no answer, or an answer and no features. */
  get rows(): number {
    return Math.max(this.#rowsWithFeatures, this.#rowsAnswered);
  }

  recordFeatures(rows: FeatureRow | readonly FeatureRow[]): void {
    this.#rowsWithFeatures += isBatch(rows) ? rows.length : 1;
    if (isBatch(rows)) for (const row of rows) this.features.record(row);
    else this.features.record(rows);
  }

  recordCall({ seconds, predictions, hasFailed }: RecordedCall): void {
    this.#rowsAnswered += Math.max(1, predictions.length);
    if (seconds !== undefined) this.outputs.latency.record(seconds);
    if (hasFailed) this.outputs.failedCalls++;
    for (const prediction of predictions) this.outputs.record(prediction);
  }

  recordColumns({ features, predictions, rows }: RecordedColumnValues): void {
    this.#rowsWithFeatures += rows;
    this.#rowsAnswered += rows;
    this.features.recordColumns(features);
    if (predictions !== undefined) this.outputs.recordColumn(predictions);
  }

  merge(other: SketchSet): void {
    this.features.merge(other.features);
    this.outputs.merge(other.outputs);
    this.#rowsWithFeatures += other.#rowsWithFeatures;
    this.#rowsAnswered += other.#rowsAnswered;
  }
}

function isBatch(rows: FeatureRow | readonly FeatureRow[]): rows is readonly FeatureRow[] {
  return Array.isArray(rows);
}

function rowsByValue(values: ArrayLike<unknown>): ReadonlyMap<string, readonly number[]> {
  return Map.groupBy(
    Array.from(values, (_, row) => row),
    (row) => segmentText(values[row]),
  );
}

function pick({ features, predictions, segment }: RecordedColumnValues, rows: readonly number[]): RecordedColumnValues {
  const picked = <Value>(column: ArrayLike<Value>): readonly (Value | undefined)[] => rows.map((row) => column[row]);
  return {
    features: Object.fromEntries(Object.entries(features).map(([name, column]) => [name, picked(column)])),
    predictions: predictions && picked(predictions),
    rows: rows.length,
    segment,
  };
}
