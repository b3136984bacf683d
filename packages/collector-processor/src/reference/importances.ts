import type { ReferenceProfile } from '@driftline/sketches';
import { DataFileError } from '../files/data-file-error.ts';
import { complaint } from '../settings/section.ts';

/** How much a model heeds its features, as its trainer says: `{ age: 0.4, hours: 0.1 }`. */
export interface GivenImportances {
  /** For messages: where they come from. */
  readonly from: string;
  readonly byFeature: Readonly<Record<string, number>>;
}

/** Reads JSON. Throws a DataFileError that names the place, the feature and the way out. */
export function parseImportances(json: string, from: string): GivenImportances {
  const refused = (why: string) => new DataFileError(`${from}${why}`);
  const given = parsed(json, from);
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw refused(' must hold an object of features and numbers, {"age": 0.4, "hours": 0.1}.');
  }
  const byFeature = Object.entries(given).map(([name, importance]: [string, unknown]) => {
    const field = `: ${JSON.stringify(name)} is ${typeof importance === 'number' ? importance : JSON.stringify(importance)};`;
    if (typeof importance !== 'number' || !Number.isFinite(importance)) throw refused(`${field} a number is needed.`);
    if (importance < 0) throw refused(`${field} below 0 is chance, as permutation has it: write 0, or leave it out.`);
    return [name, importance] as const;
  });
  if (!byFeature.some(([, importance]) => importance > 0)) throw refused(': no feature has an importance above 0.');
  return { from, byFeature: Object.fromEntries(byFeature) };
}

/** Throws a DataFileError for a name that is none of the profile's features. */
export function checkImportances({ from, byFeature }: GivenImportances, features: readonly string[]): void {
  const unknown = Object.keys(byFeature).find((name) => !features.includes(name));
  if (unknown !== undefined) {
    throw new DataFileError(`${from}: feature ${JSON.stringify(unknown)} ${complaint(unknown, features)}`);
  }
}

/**
 * Those of the settings where they give any, else the profile's. Not both: who wrote a few weights into settings means
 * these, and a mean over two scales would mean nothing.
 */
export function importancesOf(
  declared: Readonly<Record<string, { readonly importance?: number }>>,
  profile: Pick<ReferenceProfile, 'importances'> | undefined,
): ReadonlyMap<string, number> {
  const written = Object.entries(declared).flatMap(([name, { importance }]) =>
    importance === undefined ? [] : [[name, importance] as const],
  );
  return new Map(written.length > 0 ? written : Object.entries(profile?.importances ?? {}));
}

function parsed(json: string, from: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DataFileError(`${from} is no JSON: ${reason}.`);
  }
}
