import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { bins, live, medians, profile } from '../examples/ages.ts';
import { parseReferenceProfile } from './parse-reference-profile.ts';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');

it('README.md shows examples/ages.ts as it is', () => {
  expect(read('../README.md')).toContain(`\`\`\`ts\n${read('../examples/ages.ts')}\`\`\``);
});

it('the example counts what it says', () => {
  expect(parseReferenceProfile(JSON.parse(JSON.stringify(profile)))).toEqual(profile);
  expect(live.features.get('age')?.statuses).toMatchObject({ valid: 1, out_of_range: 1, missing: 2, wrong_type: 1 });
  expect(bins?.edges).toHaveLength(
    profile.features['age']?.kind === 'numeric' ? profile.features['age'].edges.length : 0,
  );
  expect(bins?.current.reduce((sum, count) => sum + count, 0)).toBe(10_000);
  expect((medians[1] ?? NaN) - (medians[0] ?? NaN)).toBeCloseTo(5, 0);
});
