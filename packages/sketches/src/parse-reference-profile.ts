import { checkCoMoments } from './parse-co-moments.ts';
import {
  checkBuckets,
  checkCalibration,
  checkCategories,
  checkDependence,
  checkOrder,
  missingRows,
} from './parse-counts.ts';
import { checkSegments } from './parse-segments.ts';
import { ProfileError, ProfilePart } from './profile-part.ts';
import { profileFormat, profileId, type ReferenceProfile } from './reference-profile.ts';

/**
 * Checks JSON from outside; what comes back is the same object. Fields this version does not know stay in it and count
 * for the id. Throws a ProfileError that names the part, its value and the way out.
 */
export function parseReferenceProfile(json: unknown): ReferenceProfile {
  assertProfile(json);
  const id = idOf(json);
  if (json.id === id) return json;
  return new ProfilePart('id', json.id).refuse(`its content has the id ${id}, so it was changed after it was built`);
}

/** Fields that this version does not know may hold what has no canonical JSON, such as NaN. */
function idOf(profile: ReferenceProfile): string {
  try {
    return profileId(profile);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return new ProfilePart('', profile).refuse(`it has no canonical JSON (${reason})`);
  }
}

function checkFormat(format: ProfilePart): void {
  if (format.value === profileFormat) return;
  const version = /^driftline\.profile\/(\d+)$/.exec(format.text())?.[1];
  if (version === undefined) format.refuse(`this is no profile of Driftline; its format is "${profileFormat}"`);
  throw new ProfileError(
    `profile: format is "${format.text()}": this version of Driftline reads "${profileFormat}". ` +
      'Update Driftline where the profile is read, or build the profile with the version installed there',
  );
}

function assertProfile(json: unknown): asserts json is ReferenceProfile {
  const profile = new ProfilePart('', json);
  checkFormat(profile.field('format'));
  profile.field('$schema').optional()?.text();
  if (!/^sha256:[0-9a-f]{16}$/.test(profile.field('id').text())) {
    profile.field('id').refuse('"sha256:" and 16 hex digits are needed');
  }
  profile.field('createdAt').optional()?.text();
  if (profile.field('model').field('name').text() === '')
    profile.field('model').field('name').refuse('a name is needed');
  profile.field('model').field('version').text();
  const rows = profile.field('rows').count();
  for (const [, feature] of profile.field('features').entries()) checkFeature(feature, rows);
  for (const [, output] of profile.field('outputs').entries()) checkFeature(output, rows);
  checkCalibration(profile);
  checkSegments(profile);
  const duplicates = profile.field('duplicates').optional();
  if (duplicates !== undefined && duplicates.count() > rows) duplicates.refuse(`the profile has only ${rows} rows`);
  const coMoments = profile.field('coMoments').optional();
  if (coMoments) checkCoMoments(coMoments, profile.field('features'), rows);
  checkImportances(profile);
  const rowScores = profile.field('rowScores').optional();
  if (rowScores !== undefined && typeof rowScores.value !== 'boolean') rowScores.refuse('true or false is needed');
  profile.field('binding').optional()?.entries();
}

function checkImportances(profile: ProfilePart): void {
  const features = new Set(
    profile
      .field('features')
      .entries()
      .map(([name]) => name),
  );
  for (const [name, importance] of profile.field('importances').optional()?.entries() ?? []) {
    if (!features.has(name)) importance.refuse('there is no such feature');
    importance.atLeast(0);
  }
}

function checkFeature(feature: ProfilePart, rows: number): void {
  const distinct = feature.field('distinct').optional();
  if (distinct !== undefined && distinct.count() > rows) distinct.refuse(`the profile has only ${rows} rows`);
  const kind = feature.field('kind');
  switch (kind.value) {
    case 'numeric':
      return checkNumeric(feature, rows);
    case 'categorical':
      checkCategories(feature, rows);
      return checkOrder(feature);
    case 'embedding':
      return checkEmbedding(feature, rows);
    default:
      kind.refuse('known kinds are numeric, categorical, embedding');
  }
}

function checkNumeric(feature: ProfilePart, rows: number): void {
  const edges = feature.field('edges').increasing();
  if (edges.length === 0) feature.field('edges').refuse('at least one edge is needed');
  checkBuckets(feature, edges.length, rows);
  for (const bins of [5, 10, 20]) {
    const closing = feature.field('bins').field(String(bins));
    if (closing.indexes(edges.length).length >= bins) closing.refuse(`at most ${bins - 1} edges close ${bins} bins`);
  }
  feature.field('quantileEdges').indexes(edges.length);
  const lower = feature.field('tails').field('lower').index(edges.length);
  const upper = feature.field('tails').field('upper');
  if (upper.index(edges.length) < lower) upper.refuse(`it lies below tails.lower, which is ${lower}`);
}

function checkEmbedding(feature: ProfilePart, rows: number): void {
  feature.field('dimensions').count(1);
  feature.field('seed').text();
  const missing = missingRows(feature, rows);
  const projections = feature.field('projections').items();
  if (projections.length < 2) feature.field('projections').refuse('a projection and the norm are needed');
  for (const projection of projections) {
    if (projection.field('kind').value !== 'numeric') projection.field('kind').refuse('a projection is numeric');
    if (missingRows(projection, rows) !== missing) {
      projection.field('missing').refuse(`the embedding itself misses ${missing} rows`);
    }
    checkNumeric(projection, rows);
  }
  checkDependence(feature);
}
