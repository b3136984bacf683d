import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseSettings, type WindowMeasurement } from '@driftline/collector-processor';
import { backtestFile } from '@driftline/collector-processor/backtest';
import { monitorModel, startDriftline } from '@driftline/instrumentation';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { normal, seededProfile, seededRandom } from '../support/seeded-profile.ts';
import { minute, SimulatedService, windowMs } from '../support/simulated-service.ts';

const profile = seededProfile({
  numericFeatures: 2,
  colours: { red: 1000, green: 600, blue: 400 },
  outputs: ['score'],
});
const rules = `
rules:
  - { name: drift, when: drift, for: 2 windows }
  - { name: silent, when: no_data, for: 30m }
  - { name: wrong, when: accuracy < 0.7 }
  - { name: gaps, when: features.colour.missing > 5% }`;

interface Tried {
  readonly settings: string;
  /** Of the sender. */
  readonly hasProfile: boolean;
  readonly segment?: 'colour';
  /** The sender counts repeated rows and different values. */
  readonly countsQuality?: boolean;
}

const references: Readonly<Record<string, Tried>> = {
  'a profile': { settings: `models: { seeded: { reference: ./seeded.json } }${rules}`, hasProfile: true },
  'windows of ten minutes and one horizon': {
    settings: `models: { seeded: { reference: ./seeded.json, window: { every: 10m }, drift: { horizons: [window] } } }${rules}`,
    hasProfile: true,
  },
  segments: {
    settings: `models: { seeded: { reference: ./seeded.json, segments: [colour] } }${rules}`,
    hasProfile: true,
    segment: 'colour',
  },
  'captured early traffic, and its segments': {
    settings: `models: { seeded: { reference: { capture: { rows: 2000 } }, segments: [colour] } }${rules}`,
    hasProfile: false,
    segment: 'colour',
  },
  'limits on repeated rows and different values': {
    settings: `models: { seeded: { reference: ./seeded.json, constraints: [{ duplicates_at_most: 2% }, { feature: x0, distinct_at_most: 200 }, { feature: colour, distinct_at_least: 2 }] } }${rules}`,
    hasProfile: true,
    countsQuality: true,
  },
  'the hour before': {
    settings: `models: { seeded: { reference: { previous: 1h } } }${rules}`,
    hasProfile: false,
  },
};

/** The window, of those that have rows, in which a batch comes twice. */
const TWICE = 5;

interface Row {
  readonly at: number;
  readonly x0: number;
  readonly x1: number | null;
  readonly colour: string | null;
  readonly score: number;
  readonly truth: number;
  readonly knownAt: number;
}

describe.each(Object.entries(references))('with %s', (_, tried) => {
  const { settings, countsQuality = false } = tried;
  let folder = '';
  let live: Told;
  let replayed: Told;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'driftline-backtest-'));
    await using service = await SimulatedService.start({ settings, files: { 'seeded.json': profile } });
    const rows = history(service.now);
    live = await asItHappened(service, rows, tried);
    replayed = await afterwards(folder, rows, settings);
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('a backtest judges every window as the service did over OTLP', () => {
    expect(replayed.windows.length).toBeGreaterThan(15);
    expect(replayed.windows).toEqual(live.windows);
    expect(new Set(live.windows.map(({ state }) => state)).has('drift')).toBe(true);
  });

  if (countsQuality)
    it('and finds the batch that came twice, and too many different values', () => {
      const broken = live.windows.map(({ quality = [] }) =>
        quality.filter(({ state }) => state === 'violated').map(({ name = 'rows', rule }) => `${name}: ${rule}`),
      );
      expect(broken.map((names) => names.includes('rows: duplicates_at_most'))).toEqual(
        broken.map((_, i) => i === TWICE),
      );
      // In the silence there is nothing to count.
      expect(broken.map((names) => names.includes('x0: distinct_at_most'))).toEqual(
        live.windows.map(({ rows }) => rows >= 420),
      );
    });

  it('and its alerts change as they did', () => {
    expect(replayed.alerts).toEqual(live.alerts);
    const fired = new Set(live.alerts.filter(({ state }) => state === 'firing').map(({ rule }) => rule));
    expect(fired).toEqual(new Set(['drift', 'silent', 'wrong', 'gaps']));
  });
});

interface Told {
  readonly windows: readonly Omit<WindowMeasurement, 'model'>[];
  readonly alerts: readonly { readonly rule: string; readonly state: string; readonly at: number }[];
}

/** Three hours: a shift, a silence, then nothing but blue missing; the model gets worse in between. */
function history(start: number): readonly Row[] {
  const random = seededRandom(11);
  const windows = Array.from({ length: 36 }, (_, i) => i).filter((i) => i < 22 || i > 30);
  const rows = windows.flatMap((i) =>
    Array.from({ length: 420 }, (): Row => {
      const at = start + i * windowMs + Math.floor(random() * windowMs);
      const shift = i >= 8 && i < 14 ? 1.2 : 0;
      const score = random();
      const isRight = random() < (i >= 10 && i < 18 ? 0.55 : 0.9);
      const colour = random() < 0.5 ? 'red' : random() < 0.6 ? 'green' : 'blue';
      return {
        at,
        x0: normal(random) + shift,
        x1: random() < 0.01 ? null : normal(random),
        colour: i > 30 && colour === 'blue' ? null : colour,
        score,
        truth: Number(score >= 0.5 === isRight),
        knownAt: at + Math.floor(random() * 4 * minute),
      };
    }),
  );
  // One in five of a window's rows comes a second time, half a minute later at most.
  const isIn = ({ at }: Row) => Math.floor((at - start) / windowMs) === TWICE;
  const again = rows.filter(isIn).filter((_, i) => i % 5 === 0);
  return [
    ...rows,
    ...again.map((row) => ({ ...row, at: row.at + Math.min(30_000, windowMs - 1 - ((row.at - start) % windowMs)) })),
  ];
}

/** The real instrumentation sends to the real service, minute by minute. */
async function asItHappened(
  service: SimulatedService,
  rows: readonly Row[],
  { hasProfile, segment, countsQuality = false }: Tried,
): Promise<Told> {
  const driftline = startDriftline({ service: 'seeded', endpoint: service.service.otlpUrl });
  const model = hasProfile
    ? monitorModel({ profile, ...(countsQuality && { quality: { duplicates: true, distinct: ['x0', 'colour'] } }) })
    : monitorModel({
        name: 'seeded',
        features: { x0: 'numeric', x1: 'numeric', colour: ['red', 'green', 'blue'] },
        task: 'binary',
      });
  const alerts: { rule: string; state: string; at: number }[] = [];
  const known = new Map<string, string>();
  const start = service.now;
  const end = Math.max(...rows.map(({ knownAt }) => knownAt));
  for (let from = start; from < end; from += minute) {
    const within = (time: number): boolean => time >= from && time < from + minute;
    const seen = rows.filter(({ at }) => within(at));
    service.now = from + minute;
    const parts = segment === undefined ? [[null, seen] as const] : Map.groupBy(seen, (row) => row[segment]);
    for (const [value, part] of parts) {
      const column = <Name extends keyof Row>(name: Name) => part.map((row) => row[name]);
      model.recordColumns({
        features: { x0: column('x0'), x1: column('x1'), colour: column('colour') },
        predictions: column('score'),
        at: column('at'),
        ...(segment !== undefined && value !== null && { segment: { [segment]: value } }),
      });
    }
    for (const { score, truth, at, knownAt } of rows.filter(({ knownAt }) => within(knownAt))) {
      model.recordOutcome({ prediction: { score }, predictedAt: at, truth, at: knownAt });
    }
    await driftline.flush();
    await service.service.tick();
    for (const { id, rule, state, since } of await service.alerts()) {
      if (known.get(id) === state) continue;
      known.set(id, state);
      alerts.push({ rule, state, at: since });
    }
  }
  await driftline.shutdown();
  await service.silence();
  return { windows: service.windows.map(judged), alerts: inOrder(alerts) };
}

/** The same rows from a file, in no order. */
async function afterwards(folder: string, rows: readonly Row[], settings: string): Promise<Told> {
  const path = join(folder, 'history.csv');
  const random = seededRandom(12);
  const shuffled = rows.map((row) => [random(), row] as const).toSorted(([one], [other]) => one - other);
  const lines = shuffled.map(([, { at, x0, x1, colour, score, truth, knownAt }]) =>
    [new Date(at).toISOString(), x0, x1, colour, score, truth, new Date(knownAt).toISOString()].join(','),
  );
  await writeFile(path, ['at,x0,x1,colour,score,truth,known_at', ...lines, ''].join('\n'));
  await writeFile(join(folder, 'seeded.json'), JSON.stringify(profile));
  const windows: WindowMeasurement[] = [];
  const alerts: { rule: string; state: string; at: number }[] = [];
  await backtestFile({
    path,
    settings: parseSettings({
      text: settings,
      file: 'driftline.yaml',
      directory: folder,
      environment: {},
      readSecretFile: () => '',
    }),
    time: 'at',
    prediction: { score: 'score' },
    truth: 'truth',
    truthTime: 'known_at',
    now: Date.UTC(2027, 0),
    onWindow: (window) => void windows.push(window),
    onAlertChange: ({ alert, at }) => void alerts.push({ rule: alert.rule, state: alert.state, at }),
  });
  return { windows: windows.map(judged), alerts: inOrder(alerts) };
}

/** Of two at the same time the API says no order. */
function inOrder(alerts: Told['alerts']): Told['alerts'] {
  return alerts.toSorted((one, other) => one.at - other.at || (one.rule < other.rule ? -1 : 1));
}

/** All but who sent it; sums of doubles may differ in their last digits, since categories come in the order of hashes. */
function judged({ model: _model, ...window }: WindowMeasurement): Told['windows'][number] {
  return JSON.parse(
    JSON.stringify(window, (_, value: unknown) => (typeof value === 'number' ? Number(value.toPrecision(12)) : value)),
  );
}
