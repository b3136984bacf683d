import { randomUUID } from 'node:crypto';
import type { AlertChange } from '../alert/alert.ts';
import { alertEngine, silencesThatMatter } from '../alert/alert-engine.ts';
import type { ObservedVerdict } from '../evaluate/told-verdicts.ts';
import type { WindowMeasurement } from '../evaluate/measurement.ts';
import { Judging } from '../judging.ts';
import { ModelEvaluator } from '../model-evaluator.ts';
import { PaneIngest } from '../panes/pane-ingest.ts';
import { paneLimits } from '../panes/series-census.ts';
import { mostOpenPanes, quietMs } from '../panes/watermark.ts';
import type { RefusalReason, Unit } from '../receive/unit.ts';
import type { ReferenceLibrary } from '../reference/reference-library.ts';
import { modelSettings, type Settings } from '../settings.ts';
import { formatDuration } from '../settings/units.ts';
import type { Store } from '../store/store.ts';

export interface ReplayOptions {
  readonly store: Store;
  readonly settings: Settings;
  readonly references: ReferenceLibrary;
  /** Where the clock begins, in milliseconds since the epoch. */
  readonly start: number;
  readonly onWindow: (window: WindowMeasurement, verdicts: readonly ObservedVerdict[]) => void;
  readonly onAlertChanges: (changes: readonly AlertChange[]) => void;
  readonly onNotice: (message: string) => void;
}

/**
 * The drift service without its sockets, on the clock of the past: what arrives is committed to panes, sealed and judged
 * by the service's own parts. Between two arrivals it looks whenever silence alone may change something.
 */
export class Replay {
  readonly #options: ReplayOptions;
  readonly #panes: PaneIngest;
  readonly #judging: Judging;
  /** Points that the panes did not count, by reason. */
  readonly refused: Partial<Record<RefusalReason, number>> = {};
  readonly #clock: { now: number };
  #intervalMs = 0;
  readonly #failures: readonly unknown[];
  #heardOf: { readonly at: number; readonly quietAfter: number; readonly sealableFrom: number } | undefined;

  private constructor(options: ReplayOptions, clock: { now: number }, panes: PaneIngest, failures: readonly unknown[]) {
    const { store, settings, references, onWindow, onAlertChanges, onNotice } = options;
    const now = () => clock.now;
    this.#options = options;
    this.#clock = clock;
    this.#panes = panes;
    this.#failures = failures;
    this.#judging = new Judging({
      store,
      settings,
      now,
      onFault: raise,
      evaluator: new ModelEvaluator({
        store,
        settings,
        references,
        now,
        alerts: alertEngine(settings.rules),
        onWindow,
        onAlertChanges,
        onNotice,
        onSkipped: (model, pane, reason) => raise(skipped(model.name, pane.start, reason)),
      }),
    });
  }

  static async begin(options: ReplayOptions): Promise<Replay> {
    const { store, settings, start } = options;
    const clock = { now: start };
    const failures: unknown[] = [];
    const panes = await PaneIngest.over(store, {
      models: settings.limits.models,
      limits: paneLimits(settings.limits),
      paneMs: ({ name }) => modelSettings(settings, name).window.every,
      token: randomUUID,
      onFailure: (error) => failures.push(error),
      now: () => clock.now,
    });
    return new Replay(options, clock, panes, failures);
  }

  /** Units of one period that arrive together; time does not go back. */
  async arrive(units: readonly Unit[], at: number): Promise<void> {
    await this.silence(at);
    this.#clock.now = Math.max(this.#clock.now, at);
    const answer = await this.#panes.ingest(units, {});
    if (typeof answer === 'string') throw this.#refusal(answer, units);
    for (const reason of reasonsIn(answer.refused)) {
      this.refused[reason] = (this.refused[reason] ?? 0) + (answer.refused[reason] ?? 0);
    }
    const [unit] = units;
    if (unit !== undefined) this.#heardOf = this.#hearOf(unit);
    await this.#judging.look();
  }

  /** Nothing arrives until then. */
  async silence(until: number): Promise<void> {
    if (this.#heardOf === undefined) return;
    const { at, quietAfter, sealableFrom } = this.#heardOf;
    const moments = [
      Math.max(quietAfter, sealableFrom),
      ...silencesThatMatter(this.#options.settings.rules).map((ms) => at + ms),
    ];
    for (const moment of moments.toSorted((one, other) => one - other)) {
      if (moment <= this.#clock.now || moment >= until) continue;
      this.#clock.now = moment;
      await this.#judging.look();
    }
  }

  /** What is open is sealed and judged; that the rows end is no silence of the model. */
  async end(): Promise<void> {
    if (this.#heardOf === undefined) return;
    this.#clock.now = Math.max(this.#clock.now, this.#heardOf.quietAfter, this.#heardOf.sealableFrom);
    await this.#judging.look();
  }

  #hearOf({ model, startNs, endNs }: Unit) {
    const { every, lateness } = modelSettings(this.#options.settings, model.name).window;
    const [start, end] = [Number(startNs / 1_000_000n), Number(endNs / 1_000_000n)];
    const paneEnd = (Math.floor(start / every) + 1) * every;
    const at = this.#clock.now;
    this.#intervalMs = end - start || this.#intervalMs;
    return { at, quietAfter: at + quietMs(this.#intervalMs) + 1, sealableFrom: paneEnd + lateness };
  }

  #refusal(answer: 'overloaded' | 'unavailable', [unit]: readonly Unit[]): unknown {
    if (answer === 'unavailable' || unit === undefined) return this.#failures.at(-1);
    const { lateness, every } = modelSettings(this.#options.settings, unit.model.name).window;
    return new Error(
      `backtest: window.lateness ${formatDuration(lateness)} keeps more than ${mostOpenPanes} windows of ` +
        `${formatDuration(every)} open, which the service refuses; take longer windows or less lateness`,
    );
  }
}

function reasonsIn(refused: Readonly<Partial<Record<RefusalReason, number>>>): readonly RefusalReason[] {
  return Object.keys(refused).filter((reason): reason is RefusalReason => reason in refused);
}

function skipped(model: string, start: number, reason: unknown): Error {
  const because = reason instanceof Error ? reason.message : String(reason);
  return new Error(
    `backtest: the window of ${model} from ${new Date(start).toISOString()} cannot be judged: ${because}`,
    { cause: reason },
  );
}

/** What the service counts and survives, a person at a terminal wants to know. */
function raise(error: unknown): never {
  throw error;
}
