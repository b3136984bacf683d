import type { FeatureSketch } from '@driftline/sketches';
import { type Fault, faults } from './faults.ts';
import { type Recording, recording } from './lane/recording.ts';
import { SketchBook } from './lane/sketch-book.ts';
import type { ModelSketches } from './model-sketches.ts';
import type { LogRecord } from './otlp/messages.ts';

export type { Fault, Stage } from './faults.ts';

export interface CapturedDistribution {
  /** Values in the distribution: missing ones and those of the wrong type are not among them. */
  readonly count: number;
  /** Undefined for categories, and while empty. */
  readonly mean: number | undefined;
  /** Rows by category; empty for numbers. */
  readonly categories: Readonly<Record<string, number>>;
  /** Rows by what became of their value, without zeros. */
  readonly statuses: Readonly<Record<string, number>>;
}

export interface CapturedModel {
  /** Rows whose features were seen. */
  readonly rows: number;
  readonly failedCalls: number;
  readonly calls: number;
  /** Throws where no such feature was seen, and names those that were. */
  feature(name: string): CapturedDistribution;
  output(name: string): CapturedDistribution;
  /** Failures of monitoring itself, such as a mapper that threw. */
  readonly errors: readonly Fault[];
}

export interface Captured extends Disposable {
  /** Throws where the model was not called, and names those that were. */
  model(name: string): CapturedModel;
  readonly errors: readonly Fault[];
  /** Outcomes, and predictions reported for a join. */
  readonly events: readonly LogRecord[];
}

/** Takes what would be sent, for tests: at once, in memory, until disposed of. */
export function captureDriftline(): Captured {
  const previous = recording.current;
  const events: LogRecord[] = [];
  const errors: Fault[] = [];
  const book = new SketchBook({
    periodMs: Number.MAX_SAFE_INTEGER,
    minimumRows: 1,
    now: () => Date.now(),
    close: () => {},
    dropped: () => {},
  });
  const capture: Recording = { book, addEvent: (event) => events.push(event) };
  const stopListening = faults.listen((fault) => errors.push(fault));
  recording.current = capture;
  return {
    errors,
    events,
    model: (name) => {
      const sketches = book.openSketches.filter(({ model }) => model.name === name);
      const ofModel = errors.filter(({ model }) => model === name);
      if (sketches.length === 0 && ofModel.length === 0)
        throw unknownName(
          'model',
          name,
          book.openSketches.map(({ model }) => model.name),
        );
      return new CapturedSketches(sketches, ofModel);
    },
    [Symbol.dispose]: () => {
      recording.current = previous;
      stopListening();
    },
  };
}

class CapturedSketches implements CapturedModel {
  readonly errors: readonly Fault[];
  readonly #sketches: readonly ModelSketches[];

  constructor(sketches: readonly ModelSketches[], errors: readonly Fault[]) {
    this.#sketches = sketches;
    this.errors = errors;
  }

  get rows(): number {
    return sum(this.#sketches, ({ whole }) => whole.rowsWithFeatures);
  }

  get calls(): number {
    return sum(this.#sketches, ({ whole }) => whole.outputs.latency.count);
  }

  get failedCalls(): number {
    return sum(this.#sketches, ({ whole }) => whole.outputs.failedCalls);
  }

  feature(name: string): CapturedDistribution {
    return distributionOf(
      'feature',
      name,
      this.#sketches.map(({ whole }) => whole.features.features),
    );
  }

  output(name: string): CapturedDistribution {
    return distributionOf(
      'output',
      name,
      this.#sketches.map(({ whole }) => whole.outputs.byName),
    );
  }
}

/** Of all versions of the model together. */
function distributionOf(
  subject: string,
  name: string,
  sketches: readonly ReadonlyMap<string, FeatureSketch>[],
): CapturedDistribution {
  const found = sketches.flatMap((byName) => byName.get(name) ?? []);
  if (found.length === 0)
    throw unknownName(
      subject,
      name,
      sketches.flatMap((byName) => [...byName.keys()]),
    );
  const numeric = found.flatMap((sketch) => (sketch.kind === 'numeric' ? [sketch.distribution] : []));
  const numbers = sum(numeric, ({ count }) => count);
  return {
    count: sum(found, countOf),
    mean: numbers === 0 ? undefined : sum(numeric, (distribution) => distribution.sum) / numbers,
    categories: total(found.map((sketch) => (sketch.kind === 'categorical' ? [...sketch.categories.counts] : []))),
    statuses: total(found.map(({ statuses }) => Object.entries<number>(statuses))),
  };
}

function countOf(sketch: FeatureSketch): number {
  switch (sketch.kind) {
    case 'numeric':
      return sketch.distribution.count;
    case 'categorical':
      return sketch.categories.count;
    case 'embedding':
      return sketch.projections?.count ?? 0;
  }
}

function total(counts: readonly (readonly (readonly [string, number])[])[]): Readonly<Record<string, number>> {
  const totals = new Map<string, number>();
  for (const [name, count] of counts.flat()) if (count > 0) totals.set(name, (totals.get(name) ?? 0) + count);
  return Object.fromEntries(totals);
}

function sum<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}

function unknownName(subject: string, name: string, known: readonly string[]): Error {
  const seen = known.length === 0 ? 'none was seen' : `seen: ${[...new Set(known)].join(', ')}`;
  return new Error(`captureDriftline: no ${subject} "${name}"; ${seen}`);
}
