import { HOUR_MS } from '../durations.ts';
import type { ReferenceProfile } from '@driftline/sketches';
import type { EvaluationState } from '../evaluate/evaluation-state.ts';
import type { Observations } from '../evaluate/observations.ts';
import { modelSettings, type Settings } from '../settings.ts';
import { type PreparedReferences, prepareReferences } from './prepared-references.ts';
import { unknownReference } from './model-references.ts';
import type { ConfiguredModel } from './reference-choice.ts';
import type { ReferenceEntries } from './reference-entries.ts';
import { DEFAULT_CAPTURE_ROWS, profilePaths, type ReferenceSource, referenceSources } from './reference-sources.ts';
import { rollingPlan } from './rolling-plan.ts';
import type { Period } from './rolling-reference.ts';
import { importancesOf } from './importances.ts';
import { type KnownShapes, knownShapes, nothingKnown, withOrders } from './known-shapes.ts';

/** What each model's windows are compared with: its profiles, what was captured of it, or what moves along. */
export class ReferenceLibrary {
  readonly #profiles: ReadonlyMap<string, readonly ReferenceProfile[]>;
  readonly #shapes: ReadonlyMap<string, KnownShapes>;
  readonly #settings: Settings;

  /** Profiles by model name, the current one first. Models without any capture a reference. */
  constructor(profiles: ReadonlyMap<string, readonly ReferenceProfile[]>, settings: Settings) {
    const models = [...new Set([...profiles.keys(), ...Object.keys(settings.models)])];
    const declared = (model: string) => modelSettings(settings, model).features;
    this.#profiles = new Map(
      [...profiles].map(([model, own]) => [model, own.map((profile) => withOrders(profile, declared(model)))]),
    );
    this.#shapes = new Map(models.map((model) => [model, knownShapes(profiles.get(model) ?? [], declared(model))]));
    this.#settings = settings;
  }

  configured(model: string): ConfiguredModel {
    const profiles = this.#profiles.get(model) ?? [];
    const written = referenceSources(modelSettings(this.#settings, model).reference);
    const namesProfile = written.some(({ kind }) => kind === 'profile');
    const sources = written.flatMap((source, i): ReferenceSource | readonly ReferenceSource[] => {
      // Under `defaults`, a profile of one model: the others take what is the default without it, in the first place.
      if (source.kind === 'profile' && profiles.length === 0) {
        return i === 0 ? { kind: 'capture', rows: DEFAULT_CAPTURE_ROWS } : [];
      }
      return source.kind === 'capture' && profiles.length > 0 && !namesProfile ? { kind: 'profile', path: '' } : source;
    });
    const windowMs = modelSettings(this.#settings, model).window.every;
    const { categories: mostCategories } = this.#settings.limits;
    const plans = sources.flatMap((source) =>
      source.kind === 'previous' || source.kind === 'seasonal' ? [rollingPlan(source, windowMs, mostCategories)] : [],
    );
    const rowsToCapture = sources.find((source) => source.kind === 'capture')?.rows;
    return { profiles, sources, plans, rowsToCapture };
  }

  /** How many rows of early traffic make its reference; undefined where the settings name another one. */
  rowsToCapture(model: string): number | undefined {
    return this.configured(model).rowsToCapture;
  }

  /** How much the model heeds its features, by name; empty where nobody says. */
  importances(model: string): ReadonlyMap<string, number> {
    return importancesOf(modelSettings(this.#settings, model).features, this.#profiles.get(model)?.[0]);
  }

  /** What a window is judged against; its slots are closed and its versions read on the way. */
  prepare(
    model: string,
    state: EvaluationState,
    window: Period,
    entries: ReferenceEntries,
  ): Promise<PreparedReferences> {
    const { window: settings, drift, segments } = modelSettings(this.#settings, model);
    const hasHour = drift.horizons.includes('1h') && settings.every < HOUR_MS;
    const shapes = this.#shapes.get(model) ?? nothingKnown;
    return prepareReferences({
      ...this.configured(model),
      shapes,
      state,
      window,
      hasHour,
      entries,
      mostCategories: this.#settings.limits.categories,
      segments,
    });
  }

  /** What to tell whoever deployed a model and its profile apart; undefined when they are together. */
  complaint(model: string, observations: readonly Observations[]): string | undefined {
    const { profiles } = this.configured(model);
    const [profile] = profiles;
    const unknown = unknownReference(profiles, observations);
    if (profile === undefined || unknown === undefined) return undefined;
    const { reference, references } = modelSettings(this.#settings, model);
    const path = profilePaths(reference)[0] ?? references[0];
    const sent = unknown.referenceId === '' ? 'no reference' : unknown.referenceId;
    return (
      `profile ${path} is for "${model}" ${profile.model.version} (${profile.id}), the service sends ${sent}. ` +
      'Drift is paused for these rows (no_reference). Deploy both together, or list the old profile under ' +
      `models.${model}.references.`
    );
  }
}
