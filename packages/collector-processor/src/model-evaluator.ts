import { DOCTOR_MODEL_NAME } from '@driftline/semantic-conventions';
import type { AlertChange } from './alert/alert.ts';
import type { AlertEngine } from './alert/alert-engine.ts';
import { desiredDeliveries } from './alert/notification.ts';
import { evaluate } from './evaluate/evaluation.ts';
import type { ObservedVerdict } from './evaluate/told-verdicts.ts';
import { decodeEvaluationState, encodeEvaluationState, type EvaluationState } from './evaluate/evaluation-state.ts';
import { isCountedFrom, isInHour, type PaneWithContent, withoutOldPanes } from './evaluate/kept-panes.ts';
import type { WindowMeasurement } from './evaluate/measurement.ts';
import { reportedMoments } from './evaluate/multivariate/reported-moments.ts';
import { observationsOf } from './evaluate/observations.ts';
import type { Segment } from './evaluate/segment.ts';
import { readSegments, segmentsOf, type SegmentsOfWindow } from './evaluate/segment-observations.ts';
import { sampleTracesOf } from './evaluate/samples.ts';
import { securityOf } from './evaluate/security.ts';
import { qualityCountsOf } from './evaluate/data-quality/judgement/quality-counts.ts';
import { increases } from './panes/increases.ts';
import { contentOf, mergePanes, outcomesOf } from './panes/pane-content.ts';
import type { PaneContent } from './panes/series-state.ts';
import { alertChangeEvents, driftChangeEvents, qualityChangeEvents, securityChangeEvents } from './publish/events.ts';
import type { PublishedModel } from './publish/gauges.ts';
import { afterWindow, type PublicationState } from './publish/publication-state.ts';
import type { ModelIdentity } from './receive/unit.ts';
import { type Capture, captureReference } from './reference/captured.ts';
import { type NamedReferences, segmentReference } from './reference/named-references.ts';
import {
  type ChangeRefused,
  type ReferenceChange,
  type ReferencesView,
  viewOf,
} from './reference/reference-changes.ts';
import { ReferenceEntries } from './reference/reference-entries.ts';
import { noticeOf } from './reference/reference-findings.ts';
import type { ReferenceLibrary } from './reference/reference-library.ts';
import { modelSettings, type Settings } from './settings.ts';
import type { EvaluationDecision, Pane } from './store/commit.ts';
import { Turns } from './turns.ts';
import { type EvaluationCommit, type ModelProgress, type Store, StoreUnavailable } from './store/store.ts';

export interface ModelEvaluatorOptions {
  readonly store: Store;
  readonly settings: Settings;
  readonly references: ReferenceLibrary;
  readonly alerts: AlertEngine;
  readonly now: () => number;
  /** After a window is committed and durable. */
  readonly onWindow?: (window: WindowMeasurement, verdicts: readonly ObservedVerdict[]) => void;
  /** After they are committed and durable, and after the window that they are about. */
  readonly onAlertChanges?: (changes: readonly AlertChange[]) => void;
  /** What a person can put right; the same is told again with every window. */
  readonly onNotice: (message: string) => void;
  /** A pane could not be judged, however often it was tried. */
  readonly onSkipped: (model: ModelIdentity, pane: Pane, reason: unknown) => void;
}

/**
 * Judges the sealed panes of every model, oldest first: reads, evaluates, commits by compare-and-swap, and only then
 * tells. Killed anywhere in between, it starts again from what the store holds, with the same result.
 */
export class ModelEvaluator {
  readonly #options: ModelEvaluatorOptions;
  readonly #known = new Map<string, KnownModel>();
  /** Tries of a pane whose evaluation throws. */
  readonly #failures = new Map<string, number>();
  /** A state is read, changed and committed by one at a time. */
  readonly #turns = new Turns();

  constructor(options: ModelEvaluatorOptions) {
    this.#options = options;
  }

  /** Reads what was known before the last stop, so that gauges and alerts go on. */
  async restore(): Promise<void> {
    for (const progress of await this.#options.store.progress()) if (!isDoctor(progress)) await this.#load(progress);
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
    const { every, lateness, hold } = modelSettings(this.#options.settings, known.progress.model.name).window;
    return known.progress.maxEnd - known.state.evaluatedEnd > CAUGHT_UP_WINDOWS * every + lateness + hold;
  }

  /** What the store has forgotten is told of no more. */
  forgetAllBut(kept: readonly ModelProgress[]): void {
    const keys = new Set(kept.map(({ model }) => model.key));
    for (const key of this.#known.keys()) if (!keys.has(key)) this.#known.delete(key);
  }

  /** Judges what is sealed and was not judged. */
  async evaluateSealed(progress: ModelProgress): Promise<void> {
    if (isDoctor(progress)) return;
    // Known even while nothing is sealed: when it was last heard of is news too.
    await this.#load(progress);
    for (const pane of progress.panes.filter(({ isSealed }) => isSealed)) {
      await this.#turns.next(async () => {
        const known = await this.#load(progress);
        if (pane.start >= known.state.evaluatedEnd) await this.#evaluatePane(known, pane);
      });
    }
  }

  /** Every reference of a model; undefined for a model that nobody sends for. */
  async references(key: string): Promise<ReferencesView | undefined> {
    const progress = await this.#options.store.progressOf(key);
    if (progress === undefined || isDoctor(progress)) return undefined;
    const { state } = await this.#load(progress);
    return viewOf(state, this.#options.references.configured(progress.model.name));
  }

  /** Commits what a person asked for, between two windows; it holds from the next one on. */
  async changeReferences(key: string, change: ReferenceChange): Promise<ReferencesView | ChangeRefused> {
    const { store, references } = this.#options;
    return this.#turns.next(async () => {
      for (let tries = 0; tries < TRIES; tries += 1) {
        const progress = await store.progressOf(key);
        if (progress === undefined || isDoctor(progress)) {
          return { refused: 'unknown', message: 'no model has this id; /api/v1/models lists them' };
        }
        const known = await this.#load(progress);
        const configured = references.configured(progress.model.name);
        const entries = new ReferenceEntries((keys) => store.readReferences(key, keys));
        const next = change(known.state, configured, entries);
        if ('refused' in next) return next;
        const outcome = await this.#commit(known, next, [], [], [], entries.writes());
        await store.barrier();
        if (outcome === 'committed') return viewOf(next, configured);
      }
      return { refused: 'conflict', message: 'others change this model at the same time; try again' };
    });
  }

  /** What only the clock can tell: that a model fell silent. */
  async tick(): Promise<void> {
    await this.#turns.next(() => this.#tick());
  }

  async #tick(): Promise<void> {
    const { alerts, now, store, onAlertChanges } = this.#options;
    for (const known of this.#known.values()) {
      const { model, lastSeen } = known.progress;
      const { state } = known;
      const next = alerts.tick(state.alerts, [{ model, at: lastSeen }], now());
      if (next.changes.length === 0) continue;
      const outcome = await this.#commit(known, { ...state, alerts: next.alerts }, [], next.changes, []);
      await store.barrier();
      if (outcome === 'committed') onAlertChanges?.(next.changes);
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
    const { store, onSkipped, onWindow, onAlertChanges } = this.#options;
    const { model } = known.progress;
    const key = `${model.key} ${pane.start}`;
    try {
      const { state, window, verdicts, changes, dropPanes, references } = await this.#judge(known, pane);
      const outcome = await this.#commit(known, state, [window], changes, dropPanes, references);
      await store.barrier();
      if (outcome === 'committed') {
        onWindow?.(window, verdicts);
        if (changes.length > 0) onAlertChanges?.(changes);
      }
      this.#failures.delete(key);
    } catch (error) {
      if (error instanceof StoreUnavailable) throw error;
      const failures = (this.#failures.get(key) ?? 0) + 1;
      this.#failures.set(key, failures);
      if (failures < TRIES) throw error;
      // A pane that cannot be judged must not hold back those after it.
      await this.#commit(known, { ...known.state, evaluatedEnd: pane.end }, [], [], [pane.start]);
      this.#failures.delete(key);
      onSkipped(model, pane, error);
    }
  }

  async #judge({ progress, state }: KnownModel, pane: Pane): Promise<Judged> {
    const { alerts, now, onNotice, references, settings } = this.#options;
    const { model, lateRows } = progress;
    const entries = new ReferenceEntries((keys) => this.#options.store.readReferences(model.key, keys));
    const prepared = await references.prepare(model.name, state, pane, entries);
    // The one in use from this window on: what has just been captured is not judged against itself.
    const { capture } = prepared.state;
    const isCapturing = capture.state === 'capturing' && references.rowsToCapture(model.name) !== undefined;
    // Whatever the store still holds before this pane: the last hour or, of a reference to be, the pane before it, which
    // is what a cumulative stream counts from.
    const kept = progress.panes.filter(({ isSealed, start }) => isSealed && start <= pane.start);
    const contents = await this.#read(model.key, isCapturing ? kept.slice(-2) : kept);
    const values = increases(contents, state.bases);
    const window = values.at(-1);
    if (window === undefined) throw new Error('a sealed pane is not in the store');
    const observations = observationsOf(window.values());
    const moments = reportedMoments(window.values());
    const hour = values.filter((_, i) => isInHour(contents[i], pane, capture));
    const complaint = references.complaint(model.name, observations);
    if (complaint !== undefined) onNotice(complaint);

    const hourTogether = hour.length > 1 ? mergePanes(hour) : undefined;
    const segments = this.#segments(model, prepared.inUse, { window, hour: hourTogether });
    const { measurement, ...evaluated } = evaluate({
      model,
      windowStart: pane.start,
      windowEnd: pane.end,
      observations: {
        window: observations,
        ...(hourTogether && { '1h': observationsOf(hourTogether.values()) }),
      },
      ...(segments && { segments }),
      moments: {
        window: moments,
        ...(hourTogether && { '1h': reportedMoments(hourTogether.values()) }),
      },
      outcomes: outcomesOf(window),
      security: securityOf(window.values()),
      quality: qualityCountsOf(window.values()),
      // Those of the window itself, where it has any.
      samples: new Map([...sampleTracesOf(hourTogether?.values() ?? []), ...sampleTracesOf(window.values())]),
      lateRows: Math.max(0, lateRows - (state.publication?.lateRows ?? 0)),
      references: prepared.inUse,
      importances: references.importances(model.name),
      settings: modelSettings(settings, model.name),
      alerts,
      state: prepared.state,
    });
    for (const reference of measurement.references ?? []) {
      for (const finding of reference.findings) onNotice(noticeOf(model.name, reference, finding));
    }
    const { references: book, notices } = await prepared.after(
      measurement,
      observations,
      () => segmentsOf(window.values(), modelSettings(settings, model.name).segments),
      moments,
    );
    for (const notice of notices) onNotice(notice);
    const next = {
      ...prepared.state,
      ...evaluated.state,
      references: book,
      evaluatedEnd: pane.end,
      judgedAt: now(),
      publication: afterWindow(state.publication, measurement),
    };
    const judged = {
      window: measurement,
      verdicts: evaluated.verdicts,
      changes: evaluated.alertChanges,
      references: entries.writes(),
    };
    return isCapturing
      ? { ...judged, ...(await this.#captureFrom(kept, contents.at(-1), progress, next, measurement.rows)) }
      : { ...judged, ...withoutOldPanes(next, contents, pane) };
  }

  /** Undefined where settings chose no attribute. */
  #segments(
    { name: model }: ModelIdentity,
    inUse: readonly NamedReferences[],
    { window, hour }: { readonly window: PaneContent; readonly hour: PaneContent | undefined },
  ): SegmentsOfWindow | undefined {
    const { onNotice, settings } = this.#options;
    const { segments: names } = modelSettings(settings, model);
    const limit = settings.limits.segments;
    if (names.length === 0) return undefined;
    const known = segmentReference(inUse, names)?.at.window.segments;
    const hasReference = (segment: Segment) => 'share' in (known?.standing(segment) ?? {});
    const read = readSegments({ window: window.values(), hour: hour?.values() }, { names, limit, hasReference });
    for (const name of read.folded.keys()) {
      onNotice(
        `model ${model}: ${name} has more than ${limit} values; the others are counted together as "_other". ` +
          'Take an attribute with fewer, or raise limits.segments.',
      );
    }
    return read;
  }

  /** Keeps every pane with rows until there are enough, and then what they say together. */
  async #captureFrom(
    kept: readonly Pane[],
    latest: PaneWithContent | undefined,
    { model }: ModelProgress,
    state: EvaluationState,
    more: number,
  ): Promise<Pick<Judged, 'state' | 'dropPanes'>> {
    const rows = more + (state.capture.state === 'capturing' ? state.capture.rows : 0);
    const wanted = this.#options.references.rowsToCapture(model.name) ?? 0;
    if (rows < wanted) {
      // Outcomes alone make no reference, and who sends nothing else would never have enough rows.
      const dropPanes = latest !== undefined && more === 0 && !isCountedFrom(latest) ? [latest.start] : [];
      return { state: { ...state, capture: { state: 'capturing', rows } }, dropPanes };
    }
    const contents = await this.#read(model.key, kept);
    const together = mergePanes(increases(contents, state.bases));
    const capture: Capture = {
      state: 'captured',
      reference: captureReference(observationsOf(together.values()), rows, state.evaluatedEnd, {
        segments: segmentsOf(together.values(), modelSettings(this.#options.settings, model.name).segments),
        moments: reportedMoments(together.values()),
      }),
    };
    return withoutOldPanes({ ...state, capture }, contents, kept.at(-1));
  }

  async #read(model: string, panes: readonly Pane[]): Promise<readonly PaneWithContent[]> {
    return Promise.all(
      panes.map(async ({ start, end }) => ({
        start,
        end,
        content: contentOf(await this.#options.store.readPane(model, start)),
      })),
    );
  }

  #published({ model }: ModelProgress, { alerts, judgedAt }: EvaluationState, state: PublicationState): PublishedModel {
    const referenceCreatedAt = state.latest.references?.[0]?.createdAt;
    const windowMs = modelSettings(this.#options.settings, model.name).window.every;
    return { state, alerts, judgedAt, windowMs, ...(referenceCreatedAt !== undefined && { referenceCreatedAt }) };
  }

  async #commit(
    known: KnownModel,
    state: EvaluationState,
    windows: readonly WindowMeasurement[],
    changes: readonly AlertChange[],
    dropPanes: readonly number[],
    references: EvaluationCommit['references'] = new Map(),
  ): Promise<EvaluationDecision> {
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
              ...windows.flatMap((window) => qualityChangeEvents(known.state.publication, window, deploymentId)),
              ...windows.flatMap((window) => securityChangeEvents(known.state.publication, window, deploymentId)),
              ...alertChangeEvents(changes, deploymentId),
            ],
      deliveries: desiredDeliveries(changes, settings.rules, settings.channels),
      dropPanes,
      references,
    });
    if (outcome === 'stale') {
      // Another replica was faster: its result is the one, and the next look reads it.
      this.#known.delete(known.progress.model.key);
      return outcome;
    }
    known.version += 1;
    known.state = state;
    return outcome;
  }
}

const TRIES = 3;
/** The open window, the one that waits for late rows and stragglers for as long as it may, and one in between. */
const CAUGHT_UP_WINDOWS = 3;

/** Its sketches show that the way is open, and are never judged. */
function isDoctor({ model }: ModelProgress): boolean {
  return model.name === DOCTOR_MODEL_NAME;
}

interface KnownModel {
  progress: ModelProgress;
  version: number;
  state: EvaluationState;
}

interface Judged {
  readonly state: EvaluationState;
  readonly window: WindowMeasurement;
  readonly verdicts: readonly ObservedVerdict[];
  readonly changes: readonly AlertChange[];
  readonly dropPanes: readonly number[];
  readonly references: NonNullable<EvaluationCommit['references']>;
}
