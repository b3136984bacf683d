import {
  ATTR_ML_MODEL_NAME,
  ATTR_ML_MODEL_VERSION,
  ATTR_SERVICE_NAME,
  EVENT_ML_PREDICTION_OUTCOME,
  ML_OUTPUT_NAME_VALUE_ANOMALY_SCORE,
} from '@driftline/semantic-conventions';
import {
  type FeatureDefinition,
  type FeatureDefinitions,
  FeatureProfile,
  type FeatureSketch,
  featureSketch,
  type ProfileScorer,
  type ReferenceProfile,
  rowScorer,
} from '@driftline/sketches';
import type { ReadAs } from '../files/column-reading.ts';
import type { RowChunk, Selection } from '../files/data-file.ts';
import { attributeSet } from '../receive/attributes.ts';
import { Identities } from '../receive/identity.ts';
import type { IdentifiedPoint, ModelIdentity, Prediction, Unit } from '../receive/unit.ts';
import { QualityCounter, type QualityChoice } from './quality-counter.ts';
import { truthOf } from './truth.ts';
import { SegmentCounts } from './segment-counts.ts';
import { PointWriter } from './sketch-points.ts';

/** Which column is which part of a prediction. */
export type PredictionColumns = Readonly<Partial<Record<keyof Prediction, string>>>;

export interface SenderOptions {
  readonly identities: Identities;
  readonly model: { readonly name: string; readonly version: string };
  readonly reference: ReferenceProfile | undefined;
  /** A column each. */
  readonly features: FeatureDefinitions;
  readonly prediction: PredictionColumns;
  readonly truth: string | undefined;
  /** Columns by whose values rows are counted apart. */
  readonly segments: readonly string[];
  readonly quality: QualityChoice;
}

/** Rows of one chunk that belong to one pane. */
export interface Slice {
  readonly chunk: Pick<RowChunk, 'cells'>;
  readonly from: number;
  readonly to: number;
  /** Milliseconds since the epoch, of each row of the chunk. */
  readonly times: ArrayLike<number>;
}

interface Counted {
  readonly features: FeatureProfile;
  readonly outputs: readonly FeatureSketch[];
}

/** Counts columns as the instrumentation counts calls, and hands over what it would have sent. */
export class HistorySender {
  readonly model: ModelIdentity;
  /** Outcomes whose truth and prediction have nothing in common. */
  incomparable = 0;
  readonly #options: SenderOptions;
  readonly #features: FeatureProfile;
  readonly #writer: string;
  readonly #points: PointWriter;
  readonly #segments: SegmentCounts<Counted>;
  readonly #quality: QualityCounter;
  readonly #scorer: ProfileScorer | undefined;
  /** Cells of numeric features that hold something else, by feature. */
  readonly noNumbers = new Map<string, number>();
  #counted: Counted | undefined;
  /** How unusual the rows of the period are, where the profile says it of its own. */
  #scores: FeatureSketch | undefined;
  #outcomes: IdentifiedPoint[] = [];
  #lastOutcome = 0;
  #outcomeNumber = 0;

  constructor(options: SenderOptions) {
    const { identities, model, features, reference } = options;
    const resource = attributeSet(new Map([[ATTR_SERVICE_NAME, WRITER]]));
    const sender = identities.sender('', resource, identities.scope(WRITER, '', attributeSet(new Map())));
    const named = new Map([
      [ATTR_ML_MODEL_NAME, model.name],
      ...(model.version === '' ? [] : [[ATTR_ML_MODEL_VERSION, model.version] as const]),
    ]);
    const identity = identities.model(sender, attributeSet(named));
    if (identity === undefined) throw new Error('backtest: a model needs a name; give it with --model');
    this.model = identity;
    this.#options = options;
    this.#writer = sender.writer;
    this.#features = new FeatureProfile(features);
    this.#points = new PointWriter(identities, reference?.id);
    this.#scorer = reference?.rowScores === true ? rowScorer(reference) : undefined;
    this.#quality = new QualityCounter(options.quality);
    this.#segments = new SegmentCounts((more) => new PointWriter(identities, reference?.id, more), reference);
  }

  /** Columns to read, and as what. */
  get rowSelection(): Selection {
    const { features, prediction, segments } = this.#options;
    return Object.fromEntries([
      ...segments.map((name) => [name, 'text'] as const),
      ...Object.entries(features).map(([name, { kind }]) => [name, readAs[kind]] as const),
      ...Object.entries(prediction).map(([output, column]) => [column, readAs[this.#output(output).kind]] as const),
    ]);
  }

  get outcomeSelection(): Selection {
    const { prediction, truth } = this.#options;
    return Object.fromEntries([
      ...(truth === undefined ? [] : [[truth, 'text'] as const]),
      ...Object.entries(prediction).map(([part, column]) => [column, part === 'class' ? 'text' : 'number'] as const),
    ]);
  }

  record({ chunk, from, to }: Slice): void {
    const { features, prediction, segments } = this.#options;
    const cells = (column: string, { kind }: FeatureDefinition) => chunk.cells(column, readAs[kind]).slice(from, to);
    const columns = {
      features: Object.fromEntries(Object.entries(features).map(([name, one]) => [name, cells(name, one)])),
      answers: Object.entries(prediction).map(([output, column]) => cells(column, this.#output(output))),
    };
    this.#countNoNumbers(columns.features);
    count((this.#counted ??= this.#blank()), columns);
    this.#quality.record(columns.features, to - from);
    this.#score(columns.features, to - from);
    for (const name of segments) {
      // A column that is a feature too is read as that.
      const values =
        this.rowSelection[name] === 'sent' ? chunk.cells(name, 'sent').map(numberOrNull) : chunk.cells(name, 'text');
      for (const [counted, rows] of this.#segments.of(name, values.slice(from, to), () => this.#blank())) {
        count(counted, picked(columns, rows));
      }
    }
  }

  #score(features: Columns['features'], rows: number): void {
    if (this.#scorer === undefined) return;
    const name = ML_OUTPUT_NAME_VALUE_ANOMALY_SCORE;
    this.#scores ??= featureSketch(name, this.#output(name));
    for (let row = 0; row < rows; row++) this.#scores.record(this.#scorer.scoreAt(features, row));
  }

  #countNoNumbers(columns: Columns['features']): void {
    for (const [name, { kind }] of Object.entries(this.#options.features)) {
      if (kind !== 'numeric') continue;
      const cells = (columns[name] ?? []).filter((cell) => cell !== null && !Number.isFinite(cell)).length;
      if (cells > 0) this.noNumbers.set(name, (this.noNumbers.get(name) ?? 0) + cells);
    }
  }

  #blank(): Counted {
    const outputs = Object.keys(this.#options.prediction);
    return {
      features: this.#features.blank(),
      outputs: outputs.map((name) => featureSketch(name, this.#output(name))),
    };
  }

  recordOutcomes({ chunk, from, to, times }: Slice): void {
    const { prediction, truth, identities } = this.#options;
    if (truth === undefined) return;
    const truths = chunk.cells(truth, 'text');
    const numbers = (column: string | undefined) => (column === undefined ? [] : chunk.cells(column, 'number'));
    const [values, scores] = [numbers(prediction.value), numbers(prediction.score)];
    const classes = prediction.class === undefined ? [] : chunk.cells(prediction.class, 'text');
    const series = identities.series(identities.stream(outcomeStream), NO_ATTRIBUTES, '');
    for (let row = from; row < to; row++) {
      const truthText = truths[row];
      if (truthText === null || truthText === undefined) continue;
      const predicted: Prediction = {
        ...part('class', classes[row]),
        ...part('value', finite(values[row])),
        ...part('score', finite(scores[row])),
      };
      const known = truthOf(truthText, predicted);
      if (known === undefined) {
        this.incomparable++;
        continue;
      }
      const tag = identities.eventTag(series, String(this.#outcomeNumber++));
      const value = { kind: 'outcome', prediction: predicted, truth: known } as const;
      this.#outcomes.push({ tag, series: series.series, value });
      this.#lastOutcome = Math.max(this.#lastOutcome, times[row] ?? 0);
    }
  }

  /** What was counted since the last call, as of one period. */
  units(startMs: number, endMs: number): readonly Unit[] {
    const points = [
      ...(this.#counted === undefined ? [] : this.#pointsOf(this.#counted, this.#points)),
      ...(this.#scores === undefined ? [] : this.#points.sketch('output', this.#scores)),
      ...this.#points.quality(this.#quality.taken()),
      ...this.#segments.taken().flatMap(([counted, writer]) => this.#pointsOf(counted, writer)),
    ];
    const outcomes = this.#outcomes;
    this.#counted = undefined;
    this.#scores = undefined;
    this.#outcomes = [];
    return [
      ...(points.length === 0 ? [] : [this.#unit(startMs, endMs, points)]),
      ...(outcomes.length === 0 ? [] : [this.#unit(this.#lastOutcome, this.#lastOutcome, outcomes)]),
    ];
  }

  #pointsOf({ features, outputs }: Counted, writer: PointWriter): readonly IdentifiedPoint[] {
    const { coMoments } = features;
    const isWhole = writer === this.#points;
    return [
      ...[...features.features.values()].flatMap((sketch) => writer.sketch('feature', sketch)),
      ...outputs.flatMap((sketch) => writer.sketch('output', sketch)),
      ...(!isWhole || coMoments === undefined || coMoments.count < FEWEST_CO_MOMENT_ROWS
        ? []
        : [writer.coMoments(coMoments)]),
    ];
  }

  #unit(startMs: number, endMs: number, points: readonly IdentifiedPoint[]): Unit {
    const [startNs, endNs] = [BigInt(Math.trunc(startMs)) * 1_000_000n, BigInt(Math.trunc(endMs)) * 1_000_000n];
    const { model } = this;
    const id = this.#options.identities.unitId(model.key, this.#writer, startNs, endNs);
    return { model, id, writer: this.#writer, writerName: WRITER, startNs, endNs, points };
  }

  #output(name: string): FeatureDefinition {
    const declared = this.#options.reference?.outputs[name];
    return declared ?? (name === 'class' ? { kind: 'categorical', unknown: 'record' } : { kind: 'numeric' });
  }
}

interface Columns {
  readonly features: Readonly<Record<string, readonly unknown[]>>;
  readonly answers: readonly (readonly unknown[])[];
}

function count({ features, outputs }: Counted, columns: Columns): void {
  features.recordColumns(columns.features);
  outputs.forEach((sketch, i) => {
    for (const value of columns.answers[i] ?? []) sketch.record(value);
  });
}

function picked({ features, answers }: Columns, rows: readonly number[]): Columns {
  const pick = (column: readonly unknown[]) => rows.map((row) => column[row]);
  return {
    features: Object.fromEntries(Object.entries(features).map(([name, column]) => [name, pick(column)])),
    answers: answers.map(pick),
  };
}

function numberOrNull(cell: number | string | null): number | null {
  return typeof cell === 'number' ? cell : null;
}

const WRITER = 'backtest';
/** As the instrumentation: fewer tell the rows themselves. */
const FEWEST_CO_MOMENT_ROWS = 5;
const NO_ATTRIBUTES = attributeSet(new Map());
const outcomeStream = {
  metric: EVENT_ML_PREDICTION_OUTCOME,
  unit: '',
  temporality: 'none',
  kind: 'outcome',
} as const;

const readAs = {
  numeric: 'sent',
  categorical: 'text',
  embedding: 'vector',
} as const satisfies Record<FeatureDefinition['kind'], ReadAs>;

const finite = (value: number | null | undefined): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;

function part<Name extends keyof Prediction>(name: Name, value: Prediction[Name] | null | undefined): Prediction {
  return value === undefined || value === null ? {} : { [name]: value };
}
