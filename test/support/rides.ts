import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildProfile, readProfile } from '@driftline/collector-processor/profile';
import type { ReferenceProfile } from '@driftline/sketches';
import { normal, seededRandom } from './seeded-profile.ts';

/** Distances that go with times, and a third feature that goes with neither; `level` moves both, in standard deviations. */
export function ridesOf(count: number, correlation: number, random: () => number, level = 0) {
  const rows = Array.from({ length: count }, () => {
    const distance = normal(random);
    const time = correlation * distance + Math.sqrt(1 - correlation ** 2) * normal(random);
    return {
      distance: 1000 + 300 * (distance + level),
      time: Math.exp((time + level) / 2),
      hour: Math.floor(24 * random()),
    };
  });
  return {
    distance: Float64Array.from(rows, (row) => row.distance),
    time: Float64Array.from(rows, (row) => row.time),
    hour: Float64Array.from(rows, (row) => row.hour),
  };
}

export async function profileOfRides(): Promise<ReferenceProfile> {
  const folder = await mkdtemp(join(tmpdir(), 'driftline-correlation-'));
  const { distance, time, hour } = ridesOf(20_000, 0.7, seededRandom(1));
  const lines = Array.from(distance, (_, i) => [distance[i], time[i], hour[i]].join(','));
  await writeFile(join(folder, 'train.csv'), `distance,time,hour\n${lines.join('\n')}\n`);
  const { profile } = await buildProfile({
    path: join(folder, 'train.csv'),
    model: { name: 'rides', version: '1' },
  });
  await writeFile(join(folder, 'rides.json'), JSON.stringify(profile));
  const read = await readProfile(join(folder, 'rides.json'));
  await rm(folder, { recursive: true });
  return read;
}
