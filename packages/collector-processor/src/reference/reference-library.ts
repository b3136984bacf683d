import type { ReferenceProfile } from '@driftline/sketches';
import type { Observations } from '../evaluate/observations.ts';
import { modelSettings, type Settings } from '../settings.ts';
import { type Capture, capturedReferences } from './captured.ts';
import { type ModelReferences, nothingToCompareWith, profileReferences, unknownReference } from './model-references.ts';

/** What each model's windows are compared with: its profiles, or what was captured of it. */
export class ReferenceLibrary {
  readonly #profiles: ReadonlyMap<string, readonly ReferenceProfile[]>;
  readonly #settings: Settings;

  /** Profiles by model name, the current one first. Models without any capture a reference. */
  constructor(profiles: ReadonlyMap<string, readonly ReferenceProfile[]>, settings: Settings) {
    this.#profiles = profiles;
    this.#settings = settings;
  }

  of(model: string, capture: Capture): ModelReferences {
    const profiles = this.#profiles.get(model);
    if (profiles !== undefined) return profileReferences(profiles);
    return capture.state === 'captured' ? capturedReferences(capture.reference) : nothingToCompareWith;
  }

  /** How many rows of early traffic make its reference; undefined with a profile. */
  rowsToCapture(model: string): number | undefined {
    if (this.#profiles.has(model)) return undefined;
    const { reference } = modelSettings(this.#settings, model);
    return typeof reference === 'string' ? DEFAULT_CAPTURE_ROWS : reference.capture.rows;
  }

  /** Milliseconds since the epoch; undefined where nobody knows, or there is none yet. */
  createdAt(model: string, capture: Capture): number | undefined {
    const [profile] = this.#profiles.get(model) ?? [];
    if (profile === undefined) return capture.state === 'captured' ? capture.reference.capturedAt : undefined;
    const createdAt = Date.parse(profile.createdAt ?? '');
    return Number.isNaN(createdAt) ? undefined : createdAt;
  }

  /** What to tell whoever deployed a model and its profile apart; undefined when they are together. */
  complaint(model: string, observations: readonly Observations[]): string | undefined {
    const profiles = this.#profiles.get(model) ?? [];
    const [profile] = profiles;
    const unknown = unknownReference(profiles, observations);
    if (profile === undefined || unknown === undefined) return undefined;
    const { reference, references } = modelSettings(this.#settings, model);
    const path = typeof reference === 'string' ? reference : references[0];
    const sent = unknown.referenceId === '' ? 'no reference' : unknown.referenceId;
    return (
      `profile ${path} is for "${model}" ${profile.model.version} (${profile.id}), the service sends ${sent}. ` +
      'Drift is paused for these rows (no_reference). Deploy both together, or list the old profile under ' +
      `models.${model}.references.`
    );
  }
}

/** Under `defaults`, a profile of one model; the others take what is the default without it. */
const DEFAULT_CAPTURE_ROWS = 10_000;
