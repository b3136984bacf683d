import { alertEngine } from '../../packages/collector-processor/src/alert/alert-engine.ts';
import {
  type EvaluationState,
  initialEvaluationState,
} from '../../packages/collector-processor/src/evaluate/evaluation-state.ts';
import { evaluate } from '../../packages/collector-processor/src/evaluate/evaluation.ts';
import type { WindowMeasurement } from '../../packages/collector-processor/src/evaluate/measurement.ts';
import type { Distribution, Observations } from '../../packages/collector-processor/src/evaluate/observations.ts';
import { ReferenceEntries } from '../../packages/collector-processor/src/reference/reference-entries.ts';
import { ReferenceLibrary } from '../../packages/collector-processor/src/reference/reference-library.ts';
import { modelSettings, parseSettings, type Settings } from '../../packages/collector-processor/src/settings.ts';
import { fraudModel } from './units.ts';

/** References and evaluation of one model as the service drives them, without store and network, on a clock of the test's. */
export class JudgedModel {
  readonly #settings: Settings;
  readonly #library: ReferenceLibrary;
  readonly #windowMs: number;
  readonly #stored = new Map<string, Uint8Array>();
  #state: EvaluationState = initialEvaluationState;
  #last: (readonly Observations[])[] = [];
  #at: number;

  constructor({
    text,
    windowMs,
    start = 0,
  }: { readonly text: string; readonly windowMs: number; readonly start?: number }) {
    const source = { text, file: 'driftline.yaml', directory: '/', environment: {}, readSecretFile: () => '' };
    this.#settings = parseSettings(source);
    this.#library = new ReferenceLibrary(new Map(), this.#settings);
    this.#windowMs = windowMs;
    this.#at = start;
  }

  /** Start of the next window. */
  get now(): number {
    return this.#at;
  }

  async next(observations: readonly Observations[]): Promise<WindowMeasurement> {
    const window = { start: this.#at, end: this.#at + this.#windowMs };
    this.#at = window.end;
    this.#last = [...this.#last, observations].slice(-Math.max(1, 3_600_000 / this.#windowMs));
    const entries = new ReferenceEntries((keys) =>
      Promise.resolve(new Map([...this.#stored].filter(([key]) => keys.includes(key)))),
    );
    const { name } = fraudModel;
    const prepared = await this.#library.prepare(name, this.#state, window, entries);
    const { measurement, state } = evaluate({
      model: fraudModel,
      windowStart: window.start,
      windowEnd: window.end,
      observations: { window: observations, ...(this.#last.length > 1 && { '1h': together(this.#last) }) },
      outcomes: { confusion: new Map(), errors: { count: 0, sum: 0, absolute: 0, squared: 0 } },
      security: {},
      samples: new Map(),
      lateRows: 0,
      references: prepared.inUse,
      settings: modelSettings(this.#settings, name),
      alerts: alertEngine([]),
      state: prepared.state,
    });
    const { references } = await prepared.after(measurement, observations, () => [], []);
    // As the store keeps it.
    this.#state = JSON.parse(JSON.stringify({ ...prepared.state, ...state, references, evaluatedEnd: window.end }));
    for (const [key, bytes] of entries.writes()) {
      if (bytes === undefined) this.#stored.delete(key);
      else this.#stored.set(key, bytes);
    }
    return measurement;
  }
}

function together(windows: readonly (readonly Observations[])[]): readonly Observations[] {
  const [first = [], ...others] = windows;
  return others.reduce((sums, more) => sums.map((sum, i) => sumOf(sum, more[i])), first);
}

function sumOf(one: Observations, other: Observations | undefined): Observations {
  if (other === undefined) return one;
  return {
    ...one,
    categories: added(one.categories, other.categories),
    statuses: added(one.statuses, other.statuses),
    distributions: new Map(
      [...one.distributions].map(([projection, distribution]) => {
        return [projection, counted(distribution, other.distributions.get(projection))] as const;
      }),
    ),
  };
}

function added(one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  return new Map([...one, ...other].map(([name]) => [name, (one.get(name) ?? 0) + (other.get(name) ?? 0)]));
}

function counted(one: Distribution, other: Distribution | undefined): Distribution {
  if (one.kind !== 'histogram' || other?.kind !== 'histogram') throw new Error('histograms add up here');
  return { ...one, counts: Float64Array.from(one.counts, (count, i) => count + (other.counts[i] ?? 0)) };
}
