import type { ReferenceProfile } from '@driftline/sketches';
import { readProfile } from './profile-file.ts';
import type { Settings } from '../settings.ts';

/** Profiles by model name, the current one first. Models that capture their reference are not in it. */
export type ReferenceFiles = ReadonlyMap<string, readonly ReferenceProfile[]>;

/**
 * Reads every profile that the settings name. A file under `defaults` serves the model it is for.
 * @throws Error with one line for each file that is unreadable, no profile, or another model's.
 */
export async function loadReferences({
  defaults,
  models,
}: Pick<Settings, 'defaults' | 'models'>): Promise<ReferenceFiles> {
  const problems: string[] = [];
  const read = async (path: string, where: string, model?: string): Promise<readonly ReferenceProfile[]> => {
    try {
      const profile = await readProfile(path);
      if (model === undefined || profile.model.name === model) return [profile];
      problems.push(
        `${where}: ${path} is a profile of "${profile.model.name}", not of "${model}"; name the right file`,
      );
    } catch (error) {
      problems.push(`${where}: ${error instanceof Error ? error.message : String(error)}`);
    }
    return [];
  };

  const found = new Map<string, readonly ReferenceProfile[]>();
  if (typeof defaults.reference === 'string') {
    for (const profile of await read(defaults.reference, 'defaults.reference'))
      found.set(profile.model.name, [profile]);
  }
  for (const [name, { reference, references }] of Object.entries(models)) {
    const paths = typeof reference === 'string' ? [reference, ...references] : references;
    const profiles: ReferenceProfile[] = [];
    for (const [i, path] of paths.entries()) {
      const where = i === 0 && path === reference ? `models.${name}.reference` : `models.${name}.references`;
      profiles.push(...(await read(path, where, name)));
    }
    if (profiles.length > 0) found.set(name, profiles);
  }
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return found;
}
