import { ML_MODEL_VERSION_VALUE_OTHER } from '@driftline/semantic-conventions';
import type { FeatureRow } from './call-mappers.ts';
import { recording } from './lane/recording.ts';
import type { OpenSketches, SketchBook } from './lane/sketch-book.ts';
import type { ModelSketches, RecordedColumnValues } from './model-sketches.ts';
import type { InvalidFeaturesError } from './schema-check.ts';
import { type ObservedModel, type ObservedModelOptions, observedModel } from './observed-model.ts';

/** One version of a model and the way to its live sketches. */
export class ModelVersion {
  readonly observed: ObservedModel;
  #book: SketchBook | undefined;
  #open: OpenSketches | undefined;

  constructor(options: ObservedModelOptions) {
    this.observed = observedModel(options);
  }

  /** Counts rows that do not match the schema; gives what to throw where they are to be refused. */
  validate(
    rows: FeatureRow | readonly FeatureRow[],
    sketches: ModelSketches | undefined,
  ): InvalidFeaturesError | undefined {
    return this.observed.schema?.check(rows, ({ rows: checked, invalid }) => {
      sketches?.quality.recordValidation(checked, invalid);
    });
  }

  /** Records how unusual rows are; gives the score of a single one. */
  scoreRows(rows: FeatureRow | readonly FeatureRow[], sketches: ModelSketches | undefined): number | undefined {
    const { scorer } = this.observed;
    if (scorer === undefined || sketches === undefined) return undefined;
    if (!isList(rows)) return sketches.recordAnomaly(scorer.score(rows));
    let score: number | undefined;
    for (const row of rows) score = sketches.recordAnomaly(scorer.score(row));
    return rows.length === 1 ? score : undefined;
  }

  recordColumns(columns: RecordedColumnValues, timeMs: number): void {
    const sketches = this.sketchesAt(timeMs);
    const { scorer } = this.observed;
    sketches?.recordColumns(columns);
    if (scorer === undefined) return;
    for (let row = 0; row < columns.rows; row++) sketches?.recordAnomaly(scorer.scoreAt(columns.features, row));
  }

  /** Undefined while monitoring is switched off. Nearly every call meets the sketches of the call before it. */
  sketchesAt(timeMs: number): ModelSketches | undefined {
    const book = recording.current?.book;
    const open = this.#open;
    if (open !== undefined && book === this.#book && open.period.isOpen) {
      if (timeMs >= open.period.startMs && timeMs < open.period.endMs) return open.sketches;
    }
    this.#book = book;
    this.#open = book?.sketchesAt(timeMs, this.observed);
    return this.#open?.sketches;
  }
}

function isList(rows: FeatureRow | readonly FeatureRow[]): rows is readonly FeatureRow[] {
  return Array.isArray(rows);
}

/** More live versions of one model in one process are one. */
const MAX_VERSIONS = 16;

/** The current version of a model, and those that single calls name. */
export class ModelVersions {
  readonly current: ModelVersion;
  readonly #options: ObservedModelOptions;
  readonly #others = new Map<string, ModelVersion>();

  constructor(options: ObservedModelOptions) {
    this.#options = options;
    this.current = new ModelVersion(options);
  }

  named(version: string): ModelVersion {
    if (version === this.current.observed.version) return this.current;
    const known = this.#others.get(version);
    if (known !== undefined) return known;
    if (this.#others.size >= MAX_VERSIONS && version !== ML_MODEL_VERSION_VALUE_OTHER) {
      return this.named(ML_MODEL_VERSION_VALUE_OTHER);
    }
    const other = new ModelVersion({ ...this.#options, version });
    this.#others.set(version, other);
    return other;
  }

  with(change: Pick<ObservedModelOptions, 'version' | 'profile'>): ModelVersions {
    // A new profile brings its version along, unless told otherwise.
    const { version, ...others } = this.#options;
    return new ModelVersions({ ...others, ...(change.profile === undefined && { version }), ...change });
  }
}
