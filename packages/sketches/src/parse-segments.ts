import { checkBuckets, checkCalibration, checkCategories, checkDependence, missingRows } from './parse-counts.ts';
import type { ProfilePart } from './profile-part.ts';

/** Each segment counts some of the rows, on the edges of the whole, which was checked before. */
export function checkSegments(profile: ProfilePart): void {
  const attributes = profile.field('segments').optional()?.entries() ?? [];
  for (const [, values] of attributes) {
    for (const [, segment] of values.entries()) checkSegment(segment, profile);
  }
}

function checkSegment(segment: ProfilePart, profile: ProfilePart): void {
  const rows = segment.field('rows').count();
  if (rows > profile.field('rows').count()) segment.field('rows').refuse('it is more than the profile has');
  checkCalibration(segment);
  for (const subjects of ['features', 'outputs']) {
    for (const [name, own] of segment.field(subjects).entries()) {
      const whole = profile.field(subjects).field(name);
      if (whole.value === undefined) own.refuse(`the profile itself has no ${name} among its ${subjects}`);
      checkOwn(own, whole, rows);
    }
  }
}

function checkOwn(own: ProfilePart, whole: ProfilePart, rows: number): void {
  const kind = whole.field('kind').text();
  if (own.field('kind').value !== kind) own.field('kind').refuse(`it is ${kind} in the profile itself`);
  if (kind === 'categorical') return checkCategories(own, rows);
  if (kind === 'numeric') return checkBuckets(own, whole.field('edges').items().length, rows);
  const projections = own.field('projections');
  const ofWhole = whole.field('projections').items();
  if (projections.items().length !== ofWhole.length) projections.refuse(`the profile itself has ${ofWhole.length}`);
  const missing = missingRows(own, rows);
  for (const [i, projection] of projections.items().entries()) {
    if (projection.field('kind').value !== 'numeric') projection.field('kind').refuse('a projection is numeric');
    if (missingRows(projection, rows) !== missing) {
      projection.field('missing').refuse(`the embedding itself misses ${missing} rows`);
    }
    const edges = ofWhole[i]?.field('edges').items().length ?? 0;
    checkBuckets(projection, edges, rows);
  }
  checkDependence(own);
}
