import { parseReferenceProfile, type ReferenceProfile } from '@driftline/sketches';
import { explainError, faults } from '../../faults.ts';
import type { ModelDescription } from '../auto-instrumentation.ts';
import { type BoundTensors, boundTensors } from '../binding.ts';
import { isCalled, type ModelIdentity, modelIdentity } from './model-identity.ts';
import type { AutoInstrumentationConfig, WatchedModelConfig } from './settings.ts';

/** What the user's settings and profiles say about one model that a library has. */
export interface ModelSettings {
  readonly name: string;
  readonly version: string | undefined;
  readonly profile: ReferenceProfile | undefined;
  readonly binding: BoundTensors | undefined;
  readonly config: WatchedModelConfig | undefined;
  /** The user named it, by a profile or in the settings. */
  readonly isNamed: boolean;
}

export function modelSettings(
  { models = [], profiles = [] }: AutoInstrumentationConfig,
  description: ModelDescription,
  fallbackName: string,
): ModelSettings {
  const identity = modelIdentity(description);
  const config = models.find(({ match }) => isCalled(identity, match));
  const known = config?.name === undefined ? identity : { ...identity, name: config.name };
  const candidates = profiles.flatMap(bound);
  const chosen =
    config?.profile === undefined
      ? (profileOf(known, candidates) ?? profileByTensors(known, description.inputNames ?? [], candidates))
      : bound(config.profile)[0];
  const profile = chosen?.profile;
  const name = config?.name ?? profile?.model.name ?? identity.name ?? fallbackName;
  return {
    name,
    version: config?.version ?? profile?.model.version ?? identity.version,
    profile,
    binding: config?.binding === undefined ? chosen?.binding : bindingOf(name, config.binding),
    config,
    isNamed: config !== undefined || profile !== undefined,
  };
}

interface BoundProfile {
  readonly profile: ReferenceProfile;
  readonly binding: BoundTensors | undefined;
}

/** Nothing where the profile is broken: the model runs without, and somebody is told. */
function bound(json: unknown): readonly BoundProfile[] {
  try {
    const profile = parseReferenceProfile(json);
    const { binding, model } = profile;
    return [{ profile, binding: binding === undefined ? undefined : bindingOf(model.name, binding) }];
  } catch (error) {
    faults.count({ stage: 'profile', message: `a profile is left out: ${explainError(error)}.` });
    return [];
  }
}

function bindingOf(model: string, binding: unknown): BoundTensors | undefined {
  try {
    return boundTensors(binding);
  } catch (error) {
    faults.count({
      stage: 'profile',
      model,
      message: `"${model}" goes on without its binding: ${explainError(error)}.`,
    });
    return undefined;
  }
}

function profileOf(identity: ModelIdentity, profiles: readonly BoundProfile[]): BoundProfile | undefined {
  return (
    profiles.find(({ binding }) => binding?.model !== undefined && isCalled(identity, binding.model)) ??
    profiles.find(({ profile }) => isCalled(identity, profile.model.name))
  );
}

/**
 * A model from bytes, or from a file of another name, is the one whose tensors only one profile binds: of profiles that
 * name a file, where it has come from none.
 */
function profileByTensors(
  { source }: ModelIdentity,
  inputs: readonly string[],
  profiles: readonly BoundProfile[],
): BoundProfile | undefined {
  const [only, ...others] = profiles.filter(({ binding }) => {
    const tensors = [...(binding?.columns.keys() ?? [])];
    const mayBe = binding?.model === undefined || source === undefined;
    return mayBe && tensors.length > 0 && tensors.every((tensor) => inputs.includes(tensor));
  });
  return others.length === 0 ? only : undefined;
}
