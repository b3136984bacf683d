import { readFileSync } from 'node:fs';
import { delimiter } from 'node:path';
import { parseReferenceProfile, type ReferenceProfile } from '@driftline/sketches';
import { environmentVariable } from '../../environment.ts';
import { describeError, faults } from '../../faults.ts';

let read: { readonly list: string; readonly profiles: readonly ReferenceProfile[] } | undefined;

/** The files that `DRIFTLINE_PROFILES` lists, separated by commas or as in `PATH`. One that is none is left out, and said. */
export function profilesFromEnvironment(): readonly ReferenceProfile[] {
  const list = environmentVariable('DRIFTLINE_PROFILES') ?? '';
  if (read?.list !== list) read = { list, profiles: pathsIn(list).flatMap(profileIn) };
  return read.profiles;
}

function pathsIn(list: string): readonly string[] {
  return list
    .split(',')
    .flatMap((part) => part.split(delimiter))
    .map((path) => path.trim())
    .filter((path) => path !== '');
}

function profileIn(path: string): readonly ReferenceProfile[] {
  try {
    return [parseReferenceProfile(JSON.parse(readFileSync(path, 'utf8')))];
  } catch (error) {
    // Each file is said, however many are broken.
    faults.count({ stage: 'profile', model: path, message: `DRIFTLINE_PROFILES: ${path}: ${reasonOf(error)}` });
    return [];
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof SyntaxError) return `no JSON (${error.message}). Build it again by "driftline profile build".`;
  if (!(error instanceof Error) || !('code' in error)) return `${describeError(error)}.`;
  return error.code === 'ENOENT'
    ? `does not exist, seen from ${process.cwd()}. Name the right file, or build it by "driftline profile build".`
    : `cannot be read: ${error.message}.`;
}
