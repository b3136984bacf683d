import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { countOf, fraudModel, pointOf, unitOf } from '../../../../test/support/units.ts';
import type { IdentifiedPoint, Unit } from '../receive/unit.ts';
import { openSqlite } from '../store/sqlite.ts';
import { type PaneCommit, type Store, StoreUnavailable } from '../store/store.ts';
import { contentOf, outcomesOf } from './pane-content.ts';
import { PaneIngest, type PaneIngestOptions } from './pane-ingest.ts';
import { sealPanes } from './sealing.ts';

const m = fraudModel.key;
const minute = 60_000;
const paneMs = 5 * minute;
const limits = { features: 50, categories: 50, segments: 5, series: 500, cumulativeStreams: 50 };
const noLimitReached = { models: 5, limits, paneMs: () => paneMs, now: () => 0, token: randomUUID };

let store: Store;
beforeEach(async () => {
  store = await openSqlite({ path: ':memory:' });
});
afterEach(() => store.close());

const ingestOver = (over: Store = store, options: Partial<PaneIngestOptions> = {}) =>
  PaneIngest.over(over, { ...noLimitReached, ...options });

describe('a request', () => {
  it('is counted once, however often and in whatever pieces it comes', async () => {
    const { ingest } = await ingestOver();
    const points = [countOf(3, 'age'), countOf(4, 'pay'), countOf(5, 'zip')];
    const pieces = [points.slice(0, 2), points, points.slice(1)].map((part) => minuteUnit(1, part));
    expect(await ingest([pieces[0]!], { future: 1 })).toEqual({ merged: 2, duplicate: 0, refused: { future: 1 } });
    expect(await ingest([pieces[1]!], {})).toEqual({ merged: 1, duplicate: 2, refused: {} });
    expect(await ingest([pieces[2]!], {})).toEqual({ merged: 0, duplicate: 2, refused: {} });
    expect(await sums(0)).toEqual([3, 4, 5]);
  });

  it('is one commit, and what comes meanwhile is the next one', async () => {
    const commits: PaneCommit[] = [];
    const { ingest } = await ingestOver(watched(store, (commit) => commits.push(commit)));
    const units = Array.from({ length: 40 }, (_, i) => minuteUnit(i % 4, [countOf(1, `f${i}`)], `w${i}`));
    await Promise.all([ingest(units.slice(0, 10), {}), ...units.slice(10).map((unit) => ingest([unit], {}))]);
    expect(commits.length).toBeLessThanOrEqual(2);
    expect(await sums(0)).toHaveLength(40);
  });

  it('of two services is merged by both, and nothing is lost or doubled', { timeout: 60_000 }, async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const delivery = fc.record({
      service: fc.nat(1),
      minute: fc.nat(9),
      writer: fc.constantFrom('x', 'y'),
      names: fc.subarray(names, { minLength: 1 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(delivery, { minLength: 1, maxLength: 25 }), async (deliveries) => {
        const model = { ...fraudModel, key: randomUUID() };
        const services = [await ingestOver(store, { models: 1_000 }), await ingestOver(store, { models: 1_000 })];
        const answers = await Promise.all(
          deliveries.map(async ({ service, minute, writer, names }) => {
            const points = names.map((name) => countOf(1, name));
            const answer = await services[service]!.ingest([{ ...minuteUnit(minute, points, writer), model }], {});
            if (typeof answer === 'string') throw new Error(answer);
            expect(answer.merged + answer.duplicate).toBe(points.length);
            return answer.merged;
          }),
        );
        const sent = new Set(
          deliveries.flatMap((one) => one.names.map((name) => `${one.writer} ${one.minute} ${name}`)),
        );
        const counted = [...(await sums(0, model.key)), ...(await sums(paneMs, model.key))].reduce((a, b) => a + b, 0);
        expect(counted).toBe(sent.size);
        expect(answers.reduce((a, b) => a + b, 0)).toBe(sent.size);
      }),
      { numRuns: 100 },
    );
  });

  it('goes to the panes of the middles of its periods, also after panes change their length', async () => {
    const unit = unitOf({ start: 4 * minute, end: 5 * minute + 100, points: [countOf(1)] });
    const { ingest } = await ingestOver();
    await ingest([unit], {});
    const shorter = await ingestOver(store, { paneMs: () => minute });
    expect(await shorter.ingest([unit, minuteUnit(7, [countOf(1)])], {})).toMatchObject({ merged: 1, duplicate: 1 });
    expect((await store.progressOf(m))?.panes.map(({ start, end }) => [start / minute, end / minute])).toEqual([
      [0, 5],
      [7, 8],
    ]);
  });

  it('of which a pane is sealed is late, and says so', async () => {
    const { ingest } = await ingestOver();
    await ingest([minuteUnit(1, [countOf(3)])], {});
    await store.seal(m, { start: 0, end: paneMs });
    const late = minuteUnit(2, [countOf(7, 'age'), countOf(5, 'pay')]);
    const both = await ingest([late, minuteUnit(6, [countOf(1)])], {});
    expect(both).toEqual({ merged: 1, duplicate: 0, refused: { late: 2 } });
    expect(await ingest([late], {})).toMatchObject({ refused: { late: 2 } });
    expect(await sums(0)).toEqual([3]);
    expect((await store.progressOf(m))?.lateRows).toBe(14);
  });
});

describe('a stream', () => {
  it('that is cumulative or a gauge counts its last word, in whatever order the words come', async () => {
    const { ingest } = await ingestOver();
    const words = (end: number) =>
      unitOf({
        start: 0.5 * minute,
        end: end * minute,
        points: [
          pointOf({ temporality: 'cumulative', value: { kind: 'sum', value: end * 10 } }),
          pointOf({ temporality: 'none', value: { kind: 'gauge', value: end } }),
        ],
      });
    expect(await ingest([words(2), words(3)], {})).toMatchObject({ merged: 4 });
    expect(await ingest([words(1), words(3)], {})).toMatchObject({ merged: 0, duplicate: 4 });
    const states = [...contentOf([await store.readPartial(m, 0)]).values()].map(({ state }) => state);
    expect(states).toMatchObject([
      { kind: 'cumulative', value: { value: 30 } },
      { kind: 'gauge', value: 3 },
    ]);
  });

  it('of outcomes is a table of classes and sums of errors', async () => {
    const { ingest } = await ingestOver();
    const outcomes = [
      { prediction: { class: 'yes' }, truth: { class: 'yes' } },
      { prediction: { class: 'yes' }, truth: { class: 'no' } },
      { prediction: { value: 3 }, truth: { value: 5 } },
      { predictionId: 'p1', truth: { class: 'no' } },
      { prediction: { class: 'yes' }, truth: { value: 1 } },
    ].map((value, tag) => pointOf({ temporality: 'none', value: { kind: 'outcome', ...value }, tag }));
    expect(await ingest([minuteUnit(1, outcomes)], {})).toEqual({
      merged: 3,
      duplicate: 0,
      refused: { unsupported_kind: 2 },
    });
    expect(outcomesOf(contentOf([await store.readPartial(m, 0)]))).toMatchObject({
      confusion: new Map([['yes', new Map(Object.entries({ yes: 1, no: 1 }))]]),
      errors: { count: 1, sum: -2, absolute: 2, squared: 4 },
    });
  });
});

describe('a bound', () => {
  const many = (length: number, points: (i: number) => IdentifiedPoint) =>
    minuteUnit(
      1,
      Array.from({ length }, (_, i) => points(i)),
    );

  it('on features refuses the further ones, and knows the others after a restart', async () => {
    const features = many(53, (i) => countOf(1, `f${i}`));
    for (const one of [await ingestOver(), await ingestOver()]) {
      expect(await one.ingest([features], {})).toMatchObject({ refused: { over_limit: 3 } });
    }
    expect(await sums(0)).toHaveLength(50);
  });

  it('on categories counts the further ones as _other', async () => {
    const { ingest } = await ingestOver();
    const category = (i: number) =>
      pointOf({
        metric: 'ml.feature.category.observations',
        attributes: { 'ml.feature.name': 'state', 'ml.feature.category': `c${i}` },
        value: { kind: 'sum', value: 2 },
      });
    expect(await ingest([many(60, category)], {})).toMatchObject({ merged: 60 });
    expect(await ingest([many(60, category)], {})).toMatchObject({ merged: 0, duplicate: 60 });
    const content = [...contentOf([await store.readPartial(m, 0)]).values()];
    const other = content.find(({ series }) => series.attributes['ml.feature.category'] === '_other');
    expect(content).toHaveLength(51);
    expect(other?.state).toEqual({ kind: 'sum', value: 20 });
  });

  it('on series and on cumulative streams refuses the further ones', async () => {
    const { ingest } = await ingestOver();
    const sum = { kind: 'sum', value: 1 } as const;
    const series = many(510, (i) => pointOf({ attributes: { request: i }, value: sum }));
    const streams = many(60, (i) => pointOf({ attributes: { request: i }, temporality: 'cumulative', value: sum }));
    expect(await ingest([{ ...series, model: otherModel(1) }], {})).toMatchObject({ refused: { over_limit: 10 } });
    expect(await ingest([streams], {})).toMatchObject({ refused: { over_limit: 10 } });
  });

  it('on models turns new ones away, until others were silent for a day', async () => {
    let now = 1e9;
    const { ingest } = await ingestOver(store, { now: () => now });
    const unitFor = (i: number) => ({ ...minuteUnit(1, [countOf(i + 1)]), model: otherModel(i) });
    const units = Array.from({ length: 7 }, (_, i) => unitFor(i));
    expect(await ingest(units, {})).toEqual({ merged: 5, duplicate: 0, refused: { over_limit: 2 } });
    now += 25 * 60 * minute;
    expect(await ingest([unitFor(6)], {})).toMatchObject({ merged: 1 });
  });

  it('on open panes makes senders wait until the oldest is sealed', async () => {
    const { ingest } = await ingestOver();
    const backlog = Array.from({ length: 70 }, (_, i) => minuteUnit(5 * i, [countOf(1)]));
    expect(await ingest(backlog, {})).toBe('overloaded');
    expect((await store.progressOf(m))?.panes).toHaveLength(64);
    const rules = { latenessMs: minute, holdMs: 10 * minute, serviceStart: -minute };
    const sealed = await sealPanes(store, (await store.progressOf(m))!, rules, 0);
    expect(sealed).toHaveLength(63);
    expect(await ingest(backlog, {})).toEqual({ merged: 6, duplicate: 1, refused: { late: 63 } });
  });

  it('on what waits makes senders wait', async () => {
    const panes = await ingestOver();
    const units = Array.from({ length: 1_100 }, (_, i) => minuteUnit(1, [countOf(i)], `w${i}`));
    const answers = await Promise.all([panes.ingest(units, {}), panes.ingest(units.slice(0, 1), {})]);
    expect(answers).toEqual([{ merged: 1_100, duplicate: 0, refused: {} }, 'overloaded']);
    await panes.drained();
  });
});

describe('when the store', () => {
  it('cannot answer, senders come again, and what was committed all the same is not counted twice', async () => {
    const failures: unknown[] = [];
    let failsAfter: boolean | undefined = true;
    const flaky: Store = {
      ...store,
      async commit(commit) {
        if (failsAfter === false) throw new StoreUnavailable('store: the disk is full');
        const decision = await store.commit(commit);
        if (failsAfter === true) throw new StoreUnavailable('store: the answer was lost');
        return decision;
      },
    };
    const { ingest } = await ingestOver(flaky, { onFailure: (error) => failures.push(error) });
    const unit = minuteUnit(1, [countOf(3)]);
    expect(await ingest([unit], {})).toBe('unavailable');
    failsAfter = false;
    expect(await ingest([minuteUnit(2, [countOf(4)])], {})).toBe('unavailable');
    failsAfter = undefined;
    expect(await ingest([unit, minuteUnit(2, [countOf(4)])], {})).toEqual({ merged: 1, duplicate: 1, refused: {} });
    expect(await sums(0)).toEqual([7]);
    expect(failures).toHaveLength(2);
  });

  it('holds what a newer version wrote, it is left alone', async () => {
    const failures: unknown[] = [];
    const { ingest } = await ingestOver(store, { onFailure: (error) => failures.push(error) });
    await ingest([minuteUnit(1, [countOf(3)])], {});
    const { rev, states } = await store.readPartial(m, 0);
    const newer = new Map(Array.from(states, ([key, bytes]) => [key, bytes.with(0, 2)]));
    const nothing = { receipts: [], writers: [], rows: 0, now: 0 };
    const pane = { start: 0, end: paneMs };
    await store.commit({ model: fraudModel, pane, expectedRev: rev, nextRev: 'n', states: newer, ...nothing });
    const next = await ingestOver(store, { onFailure: (error) => failures.push(error) });
    expect(await next.ingest([minuteUnit(2, [countOf(4)])], {})).toBe('unavailable');
    expect(failures).toMatchObject([{ message: expect.stringContaining('format 2 is not 1') }]);
    expect((await store.readPartial(m, 0)).states).toEqual(newer);
  });
});

it('warns of a sender whose period is longer than a pane', async () => {
  const coarse: string[] = [];
  const { ingest } = await ingestOver(store, { onCoarse: ({ writerName }) => coarse.push(writerName) });
  await ingest([minuteUnit(1, [countOf(1)]), unitOf({ start: minute, end: 9 * minute, points: [countOf(1)] })], {});
  expect(coarse).toEqual(['shop/a']);
});

it('replays weeks of 2013 against a clock of 2013, and seals each when the next begins', async () => {
  const week = 7 * 24 * 60 * minute;
  const start = Math.ceil(Date.UTC(2013, 3, 1) / week) * week;
  let now = start;
  const { ingest } = await ingestOver(store, { paneMs: () => week, now: () => now });
  const rules = { latenessMs: minute, holdMs: 10 * minute, serviceStart: start };
  const sealedAt: number[] = [];
  for (let day = 0; day < 28; day++) {
    const from = start + (day * week) / 7;
    now = from + week / 7;
    await ingest([unitOf({ start: from, end: now, points: [countOf(100)] })], {});
    const known = pointOf({ temporality: 'none', value: outcome });
    await ingest([unitOf({ writer: 'outcomes', start: now, end: now, points: [known] })], {});
    const sealed = await sealPanes(store, (await store.progressOf(m))!, rules, now);
    sealedAt.push(...sealed.map(() => day));
  }
  expect(sealedAt).toEqual([7, 14, 21]);
  expect((await store.progressOf(m))?.lateRows).toBe(0);
  now += week;
  expect(await sealPanes(store, (await store.progressOf(m))!, rules, now)).toMatchObject([{ reason: 'idle' }]);
});

const outcome = { kind: 'outcome', prediction: { class: 'late' }, truth: { class: 'late' } } as const;

function minuteUnit(at: number, points: readonly IdentifiedPoint[], writer = 'a'): Unit {
  return unitOf({ writer, start: at * minute, end: (at + 1) * minute, points });
}

function otherModel(i: number) {
  return { ...fraudModel, key: String(i).repeat(32), name: `model ${i}` };
}

function watched(store: Store, seen: (commit: PaneCommit) => void): Store {
  return {
    ...store,
    commit(commit) {
      seen(commit);
      return store.commit(commit);
    },
  };
}

async function sums(pane: number, model = m): Promise<readonly number[]> {
  const content = contentOf([await store.readPartial(model, pane)]);
  return [...content.values()].map(({ state }) => (state.kind === 'sum' ? state.value : NaN)).toSorted((a, b) => a - b);
}
