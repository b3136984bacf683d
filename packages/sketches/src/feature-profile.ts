import { CategoryCounts } from './category-counts.ts';
import { CoMomentSampling } from './co-moment-sampling.ts';
import type { CoMoments } from './co-moments.ts';
import {
  canMerge,
  type FeatureDefinition,
  type FeatureSketch,
  featureSketch,
  definitionFrom,
  mergeFeature,
} from './feature-sketch.ts';
import { isMissing, rowsOf } from './observation-status.ts';

export type FeatureDefinitions = Readonly<Record<string, FeatureDefinition>>;

export interface FeatureProfileOptions {
  /** Count a feature that is not defined as unexpected (the default where any is), or give it a sketch. */
  readonly unknownFeatures?: 'count' | 'record' | undefined;
  /** The most features that have sketches without being defined; 200 by default. */
  readonly maxFeatures?: number | undefined;
  /** One row in so many goes into the co-moments of the reference's numeric features; 16 by default, 0 for none. */
  readonly coMomentsEvery?: number | undefined;
}

/** The names under which unexpected features are counted; further ones are `_other`. */
const mostUnexpectedNames = 20;

/**
 * The live sketches of one model's features, or of its outputs, over one period.
 * A defined feature gets a status for every row: the sum over its statuses is the rows seen.
 */
export class FeatureProfile {
  readonly #definitions: FeatureDefinitions;
  readonly #options: FeatureProfileOptions;
  /** The features that had a value outside the reference since this set was cleared, by whoever reads it. */
  readonly outside: Set<string> = new Set();
  readonly #features = new Map<string, FeatureSketch>();
  /** The same in an array: a row is recorded by walking it. */
  readonly #sketches: FeatureSketch[] = [];
  /**
   * Features in the order of the last row's keys, and those it had not. Rows of one service come in one order, and walking
   * it is several times faster than looking up every name.
   */
  #rowOrder: readonly FeatureSketch[] = [];
  #notInRows: readonly FeatureSketch[] = this.#sketches;
  readonly #unexpected = new CategoryCounts({ limit: mostUnexpectedNames, unknown: 'record' });
  readonly #coMoments: CoMomentSampling | undefined;

  /** Definitions are a reference profile's features or outputs, or declared kinds; without any, the rows tell. */
  constructor(
    definitions: FeatureDefinitions = {},
    options: FeatureProfileOptions = {},
    sketches: Iterable<FeatureSketch> = sketchesOf(definitions),
  ) {
    this.#definitions = definitions;
    this.#options = options;
    for (const sketch of sketches) this.#add(sketch);
    this.#coMoments = CoMomentSampling.of(definitions, options.coMomentsEvery ?? 16);
  }

  get features(): ReadonlyMap<string, FeatureSketch> {
    return this.#features;
  }

  get coMoments(): CoMoments | undefined {
    return this.#coMoments?.coMoments;
  }

  /** Rows with a feature that nothing defines, by its name. */
  get unexpected(): ReadonlyMap<string, number> {
    return this.#unexpected.counts;
  }

  /** The rows that any feature saw. */
  get rows(): number {
    return this.#sketches.reduce((rows, { statuses }) => Math.max(rows, rowsOf(statuses)), 0);
  }

  /** One row. A feature that is not in it is missing. */
  record(row: Readonly<Record<string, unknown>>): void {
    let recorded = 0;
    let isAsBefore = true;
    for (const name in row) {
      const sketch = this.#rowOrder[recorded];
      isAsBefore = sketch !== undefined && sketch.name === name;
      if (!isAsBefore) break;
      sketch!.record(row[name]);
      recorded++;
    }
    if (!isAsBefore || recorded < this.#rowOrder.length) this.#recordInNewOrder(row, recorded);
    else for (const sketch of this.#notInRows) sketch.record(row[sketch.name]);
    this.#coMoments?.record(row);
  }

  /** Many rows at once. A feature without a column is missing in all of them, one with a shorter column in the rest. */
  recordColumns(columns: Readonly<Record<string, ArrayLike<unknown>>>): void {
    const rows = Object.values(columns).reduce((longest, { length }) => Math.max(longest, length), 0);
    for (const [name, values] of Object.entries(columns)) this.recordColumn(name, values);
    for (const { name, statuses } of this.#sketches) {
      statuses.missing += rows - (Object.hasOwn(columns, name) ? columns[name]!.length : 0);
    }
    this.#coMoments?.recordColumns(columns, rows);
  }

  /** Values of one feature alone, for instance an output; co-moments need whole rows. */
  recordColumn(name: string, values: ArrayLike<unknown>): void {
    const sketch = this.#features.get(name) ?? this.#newSketch(name, values[0]);
    if (sketch === undefined) this.#unexpected.add(name, values.length);
    else for (let i = 0; i < values.length; i++) sketch.record(values[i]);
  }

  /** Throws a RangeError, and changes nothing, where a feature has other edges or another kind. */
  merge(other: FeatureProfile): void {
    for (const [name, added] of other.#features) {
      const own = this.#features.get(name);
      if (own === undefined || canMerge(own, added)) continue;
      throw new RangeError(`feature "${name}": its sketches differ in kind or edges; build both from one profile`);
    }
    if (this.coMoments && other.coMoments) this.coMoments.merge(other.coMoments);
    for (const [name, added] of other.#features) {
      const own = this.#features.get(name) ?? (this.#hasRoom() ? this.#add(added.blank()) : undefined);
      if (own) mergeFeature(own, added);
      else this.#unexpected.add(name, rowsOf(added.statuses));
    }
    this.#unexpected.merge(other.#unexpected);
  }

  clear(): void {
    for (const sketch of this.#sketches) sketch.clear();
    this.#unexpected.clear();
    this.#coMoments?.clear();
  }

  /** The same features without rows, for the next period: edges and directions are shared, not built again. */
  blank(): FeatureProfile {
    return new FeatureProfile(
      this.#definitions,
      this.#options,
      this.#sketches.map((sketch) => sketch.blank()),
    );
  }

  /** From the first key on that does not come as in the row before. */
  #recordInNewOrder(row: Readonly<Record<string, unknown>>, recorded: number): void {
    const order = this.#rowOrder.slice(0, recorded);
    let position = 0;
    for (const name in row) {
      if (position++ < recorded) continue;
      const sketch = this.#features.get(name) ?? this.#newSketch(name, row[name]);
      if (sketch === undefined) {
        if (!isMissing(row[name])) this.#unexpected.record(name);
        continue;
      }
      sketch.record(row[name]);
      order.push(sketch);
    }
    const isInRow = new Set(order);
    this.#rowOrder = order;
    this.#notInRows = this.#sketches.filter((sketch) => !isInRow.has(sketch));
    for (const sketch of this.#notInRows) sketch.record(row[sketch.name]);
  }

  /** Undefined where the feature is only counted. */
  #newSketch(name: string, value: unknown): FeatureSketch | undefined {
    const definition = this.#hasRoom() ? definitionFrom(value) : undefined;
    return definition && this.#add(featureSketch(name, definition));
  }

  #hasRoom(): boolean {
    const defined = Object.keys(this.#definitions).length;
    const unknownFeatures = this.#options.unknownFeatures ?? (defined === 0 ? 'record' : 'count');
    return unknownFeatures === 'record' && this.#sketches.length - defined < (this.#options.maxFeatures ?? 200);
  }

  #add(sketch: FeatureSketch): FeatureSketch {
    this.#features.set(sketch.name, sketch);
    if (sketch.kind !== 'embedding') sketch.outside = this.outside;
    this.#sketches.push(sketch);
    this.#rowOrder = [];
    this.#notInRows = this.#sketches;
    return sketch;
  }
}

function sketchesOf(definitions: FeatureDefinitions): FeatureSketch[] {
  return Object.entries(definitions).map(([name, definition]) => featureSketch(name, definition));
}
