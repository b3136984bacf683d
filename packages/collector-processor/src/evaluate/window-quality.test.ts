import { categoricalReference, type ReferenceProfile, withProfileId } from '@driftline/sketches';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../test/support/seeded-profile.ts';
import { captureReference, capturedId, capturedReferences } from '../reference/captured.ts';
import { nothingToCompareWith, profileReferences } from '../reference/model-references.ts';
import { always, type NamedReferences } from '../reference/named-references.ts';
import { modelSettings, parseSettings } from '../settings.ts';
import { noQualityCounts } from './data-quality/judgement/quality-counts.ts';
import type { Horizon } from './measurement.ts';
import type { Observations } from './observations.ts';
import { type QualityInput, windowQuality } from './window-quality.ts';

const minute = 60_000;

describe('data quality of a window and of its hour', () => {
  it('is judged by the hour where windows are small', () => {
    const { told, ofWindow } = judged({ window: rowsOf(60, 3), '1h': rowsOf(720, 36) });
    expect(ofWindow).toMatchObject([{ rule: 'missing', state: 'unjudged', why: 'fewer than 100 rows' }]);
    expect(told).toMatchObject([
      {
        rule: 'missing',
        state: 'violated',
        horizon: '1h',
        rows: 720,
        ratio: 0.05,
        judgedBy: 'reference',
        referenceId: profile.id,
      },
    ]);
  });

  it('is that of the window where it is sure by itself, and of a limit always', () => {
    const sure = judged({ window: rowsOf(400, 100), '1h': rowsOf(4800, 100) }).told;
    expect(sure).toMatchObject([{ state: 'violated', ratio: 0.25, rows: 400 }]);
    expect(sure[0]).not.toHaveProperty('horizon');
    const limited = judged(
      { window: rowsOf(400, 4), '1h': rowsOf(4800, 2000) },
      'quality: { limits: { missing: 10% } }',
    ).told;
    expect(limited).toMatchObject([{ state: 'ok', judgedBy: 'limit', ratio: 0.01 }]);
    expect(limited[0]).not.toHaveProperty('horizon');
  });

  it('is told of the hour although the window has nothing of it', () => {
    expect(judged({ window: rowsOf(400, 0), '1h': rowsOf(4800, 200) }).told).toMatchObject([
      { rule: 'missing', state: 'violated', horizon: '1h' },
    ]);
    expect(judged({ window: rowsOf(400, 0), '1h': rowsOf(4800, 20) }).told).toEqual([]);
  });

  it('has half of the level for each, and all of it where one is judged alone', () => {
    const settings = 'quality: { false_alarms_per_month: 80, margins: { missing: 0 } }';
    const sides = Array.from({ length: 40 }, (_, missing) => {
      const both = judged({ window: rowsOf(1000, missing), '1h': rowsOf(1000, 0) }, settings).ofWindow[0];
      const alone = judged({ window: rowsOf(1000, missing) }, settings).ofWindow[0];
      return { p: alone?.pAdjusted ?? 1, both: both?.state === 'violated', alone: alone?.state === 'violated' };
    });
    // 80 a month of five-minute windows: 0.0093 for a window.
    const level = (80 * 5) / (30 * 24 * 60);
    expect(sides.every(({ p, alone }) => alone === p < level)).toBe(true);
    expect(sides.every(({ p, both }) => both === p < level / 2)).toBe(true);
    expect(sides.filter(({ alone, both }) => alone && !both).length).toBeGreaterThan(0);
  });

  it('keeps its level over windows and hours in which nothing changed', () => {
    const random = seededRandom(20261130);
    const level = (80 * 5) / (30 * 24 * 60);
    let [windows, alarms] = [0, 0];
    let hour: number[] = [];
    for (; windows < 4000; windows += 1) {
      hour = [...hour, binomial(150, 0.02, random)].slice(-12);
      const missing = hour.reduce((sum, one) => sum + one, 0);
      const { told } = judged(
        { window: rowsOf(150, hour.at(-1) ?? 0), '1h': rowsOf(150 * hour.length, missing) },
        'quality: { false_alarms_per_month: 80, margins: { missing: 0 } }',
        [named(profileOf({ missing: 400 }))],
      );
      alarms += told.some(({ state }) => state === 'violated') ? 1 : 0;
    }
    // Hours overlap: an alarm of one is one of its neighbours, so that three standard deviations of independent ones are not enough.
    expect(alarms / windows).toBeLessThan(2 * level);
  });
});

describe('the reference of a rule', () => {
  const other = profileOf({ missing: 0, feature: 'age' });

  it('is the first that knows the feature, and named', () => {
    const learning: NamedReferences = { name: 'seasonal', id: 'seasonal:daily', at: always(nothingToCompareWith) };
    const observations = { window: rowsOf(1000, 50) };
    for (const references of [
      [learning, named(profile)],
      [named(other), named(profile)],
      [named(profile), named(other)],
    ]) {
      expect(judged(observations, '', references).told).toMatchObject([
        { rule: 'missing', state: 'violated', judgedBy: 'reference', referenceId: profile.id },
      ]);
    }
    expect(judged(observations, '', [learning]).told).toMatchObject([
      { rule: 'missing', state: 'unjudged', why: expect.stringMatching(/^no reference to compare with/) },
    ]);
  });

  it('is another one for each rule, where the first cannot be tested against or has not what it asks for', () => {
    const few = captureReference(rowsOf(300, 0), 300, 0);
    const captured: NamedReferences = { name: 'captured', id: capturedId(few), at: always(capturedReferences(few)) };
    const { told } = judged({ window: rowsOf(1000, 50) }, '', [captured, named(profile)], {
      ...noQualityCounts,
      compared: { rows: 1000, failed: 400 },
      distinct: new Map([['colour', 40]]),
    });
    expect(told.map(({ rule, state, referenceId }) => [rule, state, referenceId])).toEqual([
      ['missing', 'violated', profile.id],
      ['cardinality', 'violated', undefined],
      ['duplicate_rows', 'violated', profile.id],
    ]);
  });
});

function profileOf({
  missing,
  feature = 'colour',
}: {
  readonly missing: number;
  readonly feature?: string;
}): ReferenceProfile {
  const counts = new Map([
    ['red', 12_000],
    ['blue', 8000 - missing],
  ]);
  return withProfileId({
    format: 'driftline.profile/1',
    model: { name: 'paint', version: '1' },
    rows: 20_000,
    duplicates: 100,
    features: { [feature]: { ...categoricalReference(counts, 20_000), missing, distinct: 2 } },
    outputs: {},
  });
}

const profile = profileOf({ missing: 20 });

function named(one: ReferenceProfile): NamedReferences {
  return { name: 'profile', id: one.id, at: always(profileReferences([one])) };
}

function rowsOf(rows: number, missing: number): readonly Observations[] {
  const red = Math.round(0.6 * (rows - missing));
  return [
    {
      role: 'feature',
      name: 'colour',
      referenceId: '',
      distributions: new Map(),
      categories: new Map([
        ['red', red],
        ['blue', rows - missing - red],
      ]),
      statuses: new Map([['valid', rows - missing], ...(missing > 0 ? [['missing', missing] as const] : [])]),
    },
  ];
}

function judged(
  observations: QualityInput['observations'],
  more = '',
  references: readonly NamedReferences[] = [named(profile)],
  quality = noQualityCounts,
) {
  const text = `defaults: { ${more} }`;
  const settings = parseSettings({
    text,
    file: 'driftline.yaml',
    directory: '/',
    environment: {},
    readSecretFile: () => '',
  });
  const horizons = (['window', '1h'] as const).filter((horizon: Horizon) => observations[horizon] !== undefined);
  const period = { windowStart: 0, windowEnd: 5 * minute };
  const referenceId = references.find(({ id }) => id === profile.id)?.id ?? references[0]?.id ?? '';
  const counted = Object.fromEntries(
    Object.entries(observations).map(([horizon, of]) => [horizon, of.map((one) => ({ ...one, referenceId }))]),
  );
  return windowQuality({
    ...period,
    observations: counted,
    horizons,
    quality,
    references,
    settings: modelSettings(settings, 'paint'),
  });
}

function binomial(rows: number, share: number, random: () => number): number {
  let hits = 0;
  for (let row = 0; row < rows; row += 1) hits += random() < share ? 1 : 0;
  return hits;
}
