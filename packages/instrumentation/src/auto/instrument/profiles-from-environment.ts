import { readFileSync } from 'node:fs';
import { delimiter } from 'node:path';
import { parseReferenceProfile, type ReferenceProfile } from '@driftline/sketches';
import { environmentVariable } from '../../environment.ts';
import { describeError, faults } from '../../faults.ts';

let read: { readonly list: string; readonly profiles: readonly ReferenceProfile[] } | undefined;

/** The files that `DRIFTLINE_PROFILES` lists, separated by commas or as in `PATH`. Those that are none are left out, and said. */
export function profilesFromEnvironment(): readonly ReferenceProfile[] {
  const list = environmentVariable('DRIFTLINE_PROFILES') ?? '';
  if (read?.list !== list) read = { list, profiles: profilesIn(pathsIn(list)) };
  return read.profiles;
}

function pathsIn(list: string): readonly string[] {
  return list
    .split(',')
    .flatMap((part) => part.split(delimiter))
    .map((path) => path.trim())
    .filter((path) => path !== '');
}

function profilesIn(paths: readonly string[]): readonly ReferenceProfile[] {
  const problems: string[] = [];
  const profiles = paths.flatMap((path) => {
    try {
      return [parseReferenceProfile(JSON.parse(readFileSync(path, 'utf8')))];
    } catch (error) {
      problems.push(`${path} ${reasonOf(error)}`);
      return [];
    }
  });
  if (problems.length > 0) {
    const message = `DRIFTLINE_PROFILES: ${problems.join('; ')}. Build one by "driftline profile build".`;
    faults.count({ stage: 'profile', message }, problems.length);
  }
  return profiles;
}

function reasonOf(error: unknown): string {
  if (error instanceof SyntaxError) return 'is no JSON';
  if (!(error instanceof Error) || !('code' in error)) return `is refused: ${describeError(error)}`;
  return error.code === 'ENOENT'
    ? `does not exist, seen from ${process.cwd()}`
    : `cannot be read: ${String(error.code)}`;
}
