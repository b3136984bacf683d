import { DOCTOR_MODEL_NAME } from '@driftline/semantic-conventions';
import type { ReferenceProfile } from '@driftline/sketches';
import type { AlertChange } from './alert/alert.ts';
import type { AlertEngine } from './alert/alert-engine.ts';
import { desiredDeliveries } from './alert/notification.ts';
import { evaluate } from './evaluate/evaluation.ts';
import { decodeEvaluationState, encodeEvaluationState, type EvaluationState } from './evaluate/evaluation-state.ts';
import type { WindowMeasurement } from './evaluate/measurement.ts';
import { observationsOf, totalRows } from './evaluate/observations.ts';
import { basesAfter, increases } from './panes/increases.ts';
import { contentOf, mergePanes, outcomesOf } from './panes/pane-content.ts';
import type { PaneContent } from './panes/series-state.ts';
import { alertChangeEvents, driftChangeEvents } from './publish/events.ts';
import type { PublishedModel } from './publish/gauges.ts';
import { afterWindow, type PublicationState } from './publish/publication-state.ts';
import { type Capture, capturedReferences, captureReference } from './reference/captured.ts';
import { type ModelReferences, profileReferences } from './reference/model-references.ts';
import { modelSettings, type ModelSettings, type Settings } from './settings.ts';
import type { Pane } from './store/commit.ts';
import { type ModelProgress, type Store, StoreUnavailable } from './store/store.ts';

export interface ModelEvaluatorOptions {
  readonly store: Store;
  readonly settings: Settings;
  /** Profiles by model name, the current one first. Models without any capture a reference. */
  readonly profiles: ReadonlyMap<string, readonly ReferenceProfile[]>;
  readonly alerts: AlertEngine;
  readonly now: () => number;
  /** After a window is committed and durable. */
  readonly onWindow?: (window: WindowMeasurement, changes: readonly AlertChange[]) => void;
  /** What a person should know, said once each. */
  readonly warn: (message: string) => void;
}

/**
 * Judges the sealed panes of every model, oldest first: reads, evaluates, commits by compare-and-swap, and only then
 * tells. Killed anywhere in between, it starts again from what the store holds, with the same result.
 */
export class ModelEvaluator {
  readonly #options: ModelEvaluatorOptions;
  readonly #known = new Map<string, KnownModel>();
  readonly #warned = new Set<string>();
  /** Tries of a pane whose evaluation throws. */
  readonly #failures = new Map<string, number>();

  constructor(options: ModelEvaluatorOptions) {
    this.#options = options;
  }

  /** Reads what was known before the last stop, so that gauges and alerts go on. */
  async restore(): Promise<void> {
    for (const progress of await this.#options.store.progress()) await this.#load(progress);
  }

  published(): readonly PublishedModel[] {
    return [...this.#known.values()].flatMap(({ progress, state }) =>
      state.publication === undefined ? [] : [this.#published(progress, state, state.publication)],
    );
  }

  alerts(): EvaluationState['alerts'] {
    return [...this.#known.values()].flatMap(({ state }) => state.alerts);
  }

  /** While windows of the past are judged one after the other, only the last word about them is news. */
  isCatchingUp(model: string): boolean {
    const known = this.#known.get(model);
    if (known === undefined) return false;
    const windowMs = modelSettings(this.#options.settings, known.progress.model.name).window.every;
    return known.progress.maxEnd - known.state.evaluatedEnd > CAUGHT_UP_WINDOWS * windowMs;
  }

  /** Judges what is sealed and was not judged; true when there was something. */
  async evaluateSealed(progress: ModelProgress): Promise<boolean> {
    let isAny = false;
    if (progress.model.name === DOCTOR_MODEL_NAME) return isAny;
    for (const pane of progress.panes.filter(({ isSealed }) => isSealed)) {
      const known = await this.#load(progress);
      if (pane.start < known.state.evaluatedEnd) continue;
      await this.#evaluatePane(known, pane);
      isAny = true;
    }
    return isAny;
  }

  /** What only the clock can tell: that a model fell silent. */
  async tick(): Promise<void> {
    const { alerts, now, store } = this.#options;
    for (const known of this.#known.values()) {
      const { model, lastSeen } = known.progress;
      const { state } = known;
      if (model.name === DOCTOR_MODEL_NAME) continue;
      const next = alerts.tick(state.alerts, [{ model, at: lastSeen }], now());
      if (next.changes.length === 0) continue;
      await this.#commit(known, { ...state, alerts: next.alerts }, [], next.changes, []);
      await store.barrier();
    }
  }

  async #load(progress: ModelProgress): Promise<KnownModel> {
    const { key } = progress.model;
    const known = this.#known.get(key);
    if (known !== undefined) {
      known.progress = progress;
      return known;
    }
    const { version, state } = await this.#options.store.readEval(key);
    const loaded: KnownModel = { progress, version, state: decodeEvaluationState(state) };
    this.#known.set(key, loaded);
    return loaded;
  }

  async #evaluatePane(known: KnownModel, pane: Pane): Promise<void> {
    const { store, warn } = this.#options;
    const { model } = known.progress;
    const key = `${model.key} ${pane.start}`;
    try {
      const judged = await this.#judge(known, pane);
      await this.#commit(known, judged.state, judged.windows, judged.changes, judged.dropPanes);
      await store.barrier();
      for (const window of judged.windows) this.#options.onWindow?.(window, judged.changes);
      this.#failures.delete(key);
    } catch (error) {
      if (error instanceof StoreUnavailable) throw error;
      const failures = (this.#failures.get(key) ?? 0) + 1;
      this.#failures.set(key, failures);
      const reason = error instanceof Error ? error.message : String(error);
      if (failures < TRIES) throw error;
      // A pane that cannot be judged must not hold back those after it.
      warn(`model ${model.name}: the window from ${new Date(pane.start).toISOString()} is skipped: ${reason}`);
      await this.#commit(known, { ...known.state, evaluatedEnd: pane.end }, [], [], [pane.start]);
    }
  }

  async #judge({ progress, state }: KnownModel, pane: Pane): Promise<Judged> {
    const { settings } = this.#options;
    const own = modelSettings(settings, progress.model.name);
    const references = this.#references(progress.model.name, state.capture);
    // Whatever the store still holds before this pane: the last hour, or all that is being captured.
    const kept = progress.panes.filter(({ isSealed, start }) => isSealed && start <= pane.start);
    return references === undefined
      ? this.#captureFrom(kept, progress, state, own)
      : this.#judgeAgainst(references, kept, progress, state, own);
  }

  async #judgeAgainst(
    references: ModelReferences,
    kept: readonly Pane[],
    { model, lateRows }: ModelProgress,
    state: EvaluationState,
    settings: ModelSettings,
  ): Promise<Judged> {
    const { alerts, now } = this.#options;
    const contents = await this.#read(model.key, kept);
    const values = increases(contents, state.bases);
    const pane = contents.at(-1);
    const window = values.at(-1);
    if (pane === undefined || window === undefined) throw new Error('a sealed pane is not in the store');
    const hour = values.filter((_, i) => (contents[i]?.start ?? 0) >= pane.end - HOUR_MS);
    const { measurement, ...evaluated } = evaluate({
      model,
      windowStart: pane.start,
      windowEnd: pane.end,
      observations: {
        window: observationsOf(window.values()),
        ...(hour.length > 1 && { '1h': observationsOf(mergePanes(hour).values()) }),
      },
      outcomes: outcomesOf(window),
      lateRows: Math.max(0, lateRows - (state.publication?.lateRows ?? 0)),
      references,
      settings,
      alerts,
      state,
    });
    this.#warnOfUnknownReferences(measurement);
    const next = {
      ...state,
      ...evaluated.state,
      judgedAt: now(),
      publication: afterWindow(state.publication, measurement),
    };
    return { ...withoutOldPanes(next, contents, pane), windows: [measurement], changes: evaluated.alertChanges };
  }

  async #captureFrom(
    kept: readonly Pane[],
    { model }: ModelProgress,
    state: EvaluationState,
    { reference }: ModelSettings,
  ): Promise<Judged> {
    const wanted = typeof reference === 'string' ? DEFAULT_CAPTURE_ROWS : reference.capture.rows;
    const before = state.capture.state === 'capturing' ? state.capture.rows : 0;
    // The pane before it is what a cumulative stream counts from.
    const [latest] = increases(await this.#read(model.key, kept.slice(-2)), state.bases).slice(-1);
    const pane = kept.at(-1);
    if (pane === undefined || latest === undefined) throw new Error('a sealed pane is not in the store');
    const rows = before + totalRows(observationsOf(latest.values()));
    if (rows < wanted) {
      return {
        state: { ...state, evaluatedEnd: pane.end, capture: { state: 'capturing', rows } },
        windows: [],
        changes: [],
        dropPanes: [],
      };
    }
    const contents = await this.#read(model.key, kept);
    const observations = observationsOf(mergePanes(increases(contents, state.bases)).values());
    const capture: Capture = { state: 'captured', reference: captureReference(observations, rows, pane.end) };
    return { ...withoutOldPanes({ ...state, capture }, contents, pane), windows: [], changes: [] };
  }

  async #read(model: string, panes: readonly Pane[]): Promise<readonly (Pane & { readonly content: PaneContent })[]> {
    return Promise.all(
      panes.map(async ({ start, end }) => ({
        start,
        end,
        content: contentOf(await this.#options.store.readPane(model, start)),
      })),
    );
  }

  /** Undefined while a reference is being captured. */
  #references(model: string, capture: Capture): ModelReferences | undefined {
    const profiles = this.#options.profiles.get(model);
    if (profiles !== undefined) return profileReferences(profiles);
    return capture.state === 'captured' ? capturedReferences(capture.reference) : undefined;
  }

  #published(
    { model }: ModelProgress,
    { alerts, judgedAt, capture }: EvaluationState,
    state: PublicationState,
  ): PublishedModel {
    const [profile] = this.#options.profiles.get(model.name) ?? [];
    const createdAt =
      capture.state === 'captured' ? capture.reference.capturedAt : Date.parse(profile?.createdAt ?? '');
    const windowMs = modelSettings(this.#options.settings, model.name).window.every;
    return { state, alerts, judgedAt, windowMs, ...(Number.isNaN(createdAt) ? {} : { referenceCreatedAt: createdAt }) };
  }

  #warnOfUnknownReferences({ model, features }: WindowMeasurement): void {
    const [profile] = this.#options.profiles.get(model.name) ?? [];
    if (profile === undefined) return;
    const unknown = features.find(({ state, referenceId }) => state === 'no_reference' && referenceId !== profile.id);
    if (unknown === undefined) return;
    const sent = unknown.referenceId === '' ? 'no reference at all' : unknown.referenceId;
    this.#warnOnce(
      `the profile for "${model.name}" ${profile.model.version} is ${profile.id}, but its service sends ${sent}. Drift is ` +
        `paused for these rows (no_reference). Deploy both together, or list the old profile under models.${model.name}.references.`,
    );
  }

  #warnOnce(message: string): void {
    if (this.#warned.has(message)) return;
    this.#warned.add(message);
    this.#options.warn(message);
  }

  async #commit(
    known: KnownModel,
    state: EvaluationState,
    windows: readonly WindowMeasurement[],
    changes: readonly AlertChange[],
    dropPanes: readonly number[],
  ): Promise<void> {
    const { store, settings } = this.#options;
    const deploymentId = store.deployment.id;
    const outcome = await store.commitEval({
      model: known.progress.model.key,
      expectedVersion: known.version,
      state: encodeEvaluationState(state),
      ...(state.publication && { latest: state.publication }),
      results: windows,
      // Published nowhere, they would wait in the outbox for ever.
      events:
        settings.publish.endpoint === ''
          ? []
          : [
              ...windows.flatMap((window) => driftChangeEvents(known.state.publication, window, deploymentId)),
              ...alertChangeEvents(changes, deploymentId),
            ],
      deliveries: desiredDeliveries(changes, settings.rules, settings.channels),
      dropPanes,
    });
    if (outcome === 'stale') {
      // Another replica was faster: its result is the one, and the next look reads it.
      this.#known.delete(known.progress.model.key);
      return;
    }
    known.version += 1;
    known.state = state;
  }
}

const HOUR_MS = 3_600_000;
const TRIES = 3;
/** The open window, the one that waits for late rows, and one in between. */
const CAUGHT_UP_WINDOWS = 3;
const DEFAULT_CAPTURE_ROWS = 10_000;

/** Drops what no later window reads, and keeps from it what cumulative streams have counted up to. */
function withoutOldPanes(
  state: EvaluationState,
  contents: readonly (Pane & { readonly content: PaneContent })[],
  { start, end }: Pane,
): Pick<Judged, 'state' | 'dropPanes'> {
  const nextWindowEnd = end + (end - start);
  const old = contents.filter((pane) => pane.start < nextWindowEnd - HOUR_MS);
  const bases = old.reduce((known, { content }) => basesAfter(known, content), state.bases);
  return { state: { ...state, bases, evaluatedEnd: end }, dropPanes: old.map((pane) => pane.start) };
}

interface KnownModel {
  progress: ModelProgress;
  version: number;
  state: EvaluationState;
}

interface Judged {
  readonly state: EvaluationState;
  readonly windows: readonly WindowMeasurement[];
  readonly changes: readonly AlertChange[];
  readonly dropPanes: readonly number[];
}
