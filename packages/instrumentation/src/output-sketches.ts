import {
  ML_OUTPUT_NAME_VALUE_ANOMALY_SCORE,
  ML_OUTPUT_NAME_VALUE_CLASS,
  ML_OUTPUT_NAME_VALUE_SCORE,
} from '@driftline/semantic-conventions';
import {
  ExponentialHistogram,
  type FeatureDefinition,
  type FeatureSketch,
  featureSketch,
  otherCategory,
} from '@driftline/sketches';
import type { ObservedModel } from './observed-model.ts';
import type { PredictionParts } from './prediction.ts';

/** What is longer is text that a model wrote, and no class. */
const LONGEST_CLASS = 64;

/** What the model answered and how long it took. */
export class OutputSketches {
  readonly byName: Map<string, FeatureSketch> = new Map();
  /** Seconds. Its count is the throughput. */
  readonly latency: ExponentialHistogram = new ExponentialHistogram();
  failedCalls = 0;
  /** The outputs that had a value outside the reference since this set was cleared, by whoever reads it. */
  readonly outside: Set<string> = new Set();
  readonly #model: ObservedModel;

  constructor(model: ObservedModel) {
    this.#model = model;
  }

  record({ value, class: label, score }: PredictionParts): void {
    if (value !== undefined) this.#record(this.#model.numberOutput, value);
    if (score !== undefined) this.#record(ML_OUTPUT_NAME_VALUE_SCORE, score);
    if (label !== undefined) this.#record(ML_OUTPUT_NAME_VALUE_CLASS, label);
  }

  /** Not the model's answer: how unusual one of its rows is. */
  recordAnomaly(score: number | undefined): void {
    this.#record(ML_OUTPUT_NAME_VALUE_ANOMALY_SCORE, score);
  }

  recordColumn(values: ArrayLike<number | string | undefined>): void {
    const name = typeof values[0] === 'string' ? ML_OUTPUT_NAME_VALUE_CLASS : this.#model.numberOutput;
    for (let row = 0; row < values.length; row++) this.#record(name, values[row]);
  }

  merge(other: OutputSketches): void {
    for (const [name, theirs] of other.byName) {
      const own = this.byName.get(name);
      if (own === undefined) this.byName.set(name, theirs);
      else mergeSameKind(own, theirs);
    }
    this.latency.merge(other.latency);
    this.failedCalls += other.failedCalls;
  }

  #record(name: string, value: number | string | undefined): void {
    const declared = this.#model.reference?.outputs[name];
    let sketch = this.byName.get(name);
    if (sketch === undefined) {
      sketch = featureSketch(name, declared ?? undeclared(value));
      if (sketch.kind !== 'embedding') sketch.outside = this.outside;
      this.byName.set(name, sketch);
    }
    const isNamedByValue = sketch.kind === 'categorical' && declared === undefined;
    sketch.record(isNamedByValue && !isClass(value) ? otherCategory : value);
  }
}

function mergeSameKind(own: FeatureSketch, theirs: FeatureSketch): void {
  if (own.kind === 'numeric' && theirs.kind === 'numeric') own.merge(theirs);
  if (own.kind === 'categorical' && theirs.kind === 'categorical') own.merge(theirs);
}

function isClass(value: unknown): boolean {
  return typeof value === 'string' && value.length <= LONGEST_CLASS;
}

/** Class names are the model's own words, not a user's: they may leave without having been declared. */
function undeclared(value: unknown): FeatureDefinition {
  return typeof value === 'string' ? { kind: 'categorical', unknown: 'record' } : { kind: 'numeric' };
}
