import { readFile } from 'node:fs/promises';
import { parseReferenceProfile, ProfileError, type ReferenceProfile } from '@driftline/sketches';

/** Throws a ProfileError that names the file. */
export async function readProfile(path: string): Promise<ReferenceProfile> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const reason = error.code === 'ENOENT' ? 'does not exist' : `cannot be read: ${error.message}`;
    throw new ProfileError(`profile ${path} ${reason}; name the right file, or make it by "driftline profile build".`);
  });
  try {
    return parseReferenceProfile(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new ProfileError(
        `profile ${path} is no JSON: ${error.message}; make it again by "driftline profile build".`,
      );
    if (error instanceof ProfileError) throw new ProfileError(`${path}: ${error.message}`);
    throw error;
  }
}
