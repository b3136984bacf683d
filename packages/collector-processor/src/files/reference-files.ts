import type { ReferenceProfile } from '@driftline/sketches';
import { profilePaths } from '../reference/reference-sources.ts';
import { readProfile } from './profile-file.ts';
import type { Settings } from '../settings.ts';

/** Profiles by model name, the current one first. Models that capture their reference are not in it. */
export type ReferenceFiles = ReadonlyMap<string, readonly ReferenceProfile[]>;

/**
 * Reads every profile that the settings name. A file under `defaults` serves the model it is for.
 * @throws Error with one line for each file that is unreadable, no profile, or another model's.
 */
export async function loadReferences(settings: Pick<Settings, 'defaults' | 'models'>): Promise<ReferenceFiles> {
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

  const { defaults, models } = settings;
  const byDefault = await Promise.all(profilePaths(defaults.reference).map((path) => read(path, 'defaults.reference')));
  const found = new Map<string, readonly ReferenceProfile[]>();
  for (const profile of byDefault.flat()) {
    found.set(profile.model.name, [...(found.get(profile.model.name) ?? []), profile]);
  }
  for (const [name, { reference, references }] of Object.entries(models)) {
    const inherited = reference === undefined ? (found.get(name) ?? []) : [];
    const paths = reference === undefined ? [] : profilePaths(reference);
    const own = await Promise.all(paths.map((path) => read(path, `models.${name}.reference`, name)));
    const older = await Promise.all(references.map((path) => read(path, `models.${name}.references`, name)));
    found.set(name, [...inherited, ...own.flat(), ...older.flat()]);
  }
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return new Map([...found].filter(([, profiles]) => profiles.length > 0));
}
