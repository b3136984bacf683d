import { buildProfile } from '@driftline/collector-processor/profile';
import { expect, it } from 'vitest';
import profile from './flights.profile.json' with { type: 'json' };

it('is what the command in the README builds from the reference', async () => {
  const built = await buildProfile({
    path: `${import.meta.dirname}/data/reference.parquet`,
    model: profile.model,
    exclude: ['late'],
    outputs: ['score'],
  });
  expect(built.profile.id).toBe(profile.id);
});
