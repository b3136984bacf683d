import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Alert } from '../../packages/collector-processor/src/alert/alert.ts';
import type { WindowMeasurement } from '../../packages/collector-processor/src/evaluate/measurement.ts';
import type { ResultEvent } from '../../packages/collector-processor/src/publish/events.ts';
import { stores } from '../../packages/collector-processor/src/store/index.ts';
import type { SqliteOptions } from '../../packages/collector-processor/src/store/sqlite-operations.ts';
import {
  type EvaluationCommit,
  type PaneCommit,
  type Store,
  StoreUnavailable,
} from '../../packages/collector-processor/src/store/store.ts';
import { openSqliteHere } from '../../packages/collector-processor/src/store/temporary.ts';
import { ledgerOf } from '../support/numbered-units.ts';
import { fraudModel } from '../support/units.ts';

const m = fraudModel.key;
const pane = { start: 300_000, end: 600_000 };
const nextPane = { start: 600_000, end: 900_000 };

const ofServices = Object.entries(stores).map(([name, open]) => ({ name, open, isForServices: true }));
const ofBacktests = {
  name: 'sqlite without a thread of its own',
  open: (options: SqliteOptions) => Promise.resolve(openSqliteHere(options)),
  isForServices: false,
};

describe.each([...ofServices, ofBacktests])('$name', ({ open: openStore, isForServices }) => {
  let folder = '';
  let store: Store;
  const path = (): string => join(folder, 'state', 'driftline.db');
  const open = (): Promise<Store> => openStore({ path: path(), waitMs: 200 });
  const reopen = async (): Promise<void> => {
    await store.close();
    store = await open();
  };

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'driftline-store-'));
    store = await open();
  });
  afterEach(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  describe('panes', () => {
    it('keep what was committed over a restart', async () => {
      expect(await store.commit(commitOf({}))).toEqual({ outcome: 'committed' });
      const { deployment } = store;
      await reopen();
      expect(store.deployment).toEqual(deployment);
      expect(await store.readPartial(m, pane.start)).toEqual({ rev: 'r1', states: new Map([['s', bytes(1)]]) });
      expect(await store.readWriters(m)).toEqual([writer]);
      expect(await store.progress()).toEqual([
        {
          model: fraudModel,
          sealedEnd: 0,
          maxEnd: writer.lastEnd,
          lastSeen: 1_000,
          lateRows: 0,
          panes: [{ ...pane, isSealed: false }],
        },
      ]);
      expect(await store.commit(commitOf({ expectedRev: 'r1' }))).toMatchObject({ outcome: 'conflict' });
    });

    it('keep the series that a commit does not name', async () => {
      await store.commit(commitOf({}));
      const second = commitOf({ expectedRev: 'r1', nextRev: 'r2', receipts: [], states: new Map([['t', bytes(2)]]) });
      expect(await store.commit(second)).toEqual({ outcome: 'committed' });
      expect((await store.readPartial(m, pane.start)).states).toEqual(
        new Map([
          ['s', bytes(1)],
          ['t', bytes(2)],
        ]),
      );
    });

    it.each([
      ['an outdated base', { expectedRev: 'r0' }, { outcome: 'outdated' }],
      [
        'a unit that was counted',
        { expectedRev: 'r1' },
        { outcome: 'conflict', stored: [{ unit: 'u', tags: bytes(6) }] },
      ],
    ])('keep nothing of a commit with %s', async (_, changed, decision) => {
      await store.commit(commitOf({}));
      const refused = commitOf({
        nextRev: 'r9',
        writers: [{ ...writer, lastEnd: 9e9 }],
        states: new Map([['s', bytes(9)]]),
      });
      expect(await store.commit({ ...refused, ...changed })).toEqual(decision);
      expect(await store.readPartial(m, pane.start)).toEqual({ rev: 'r1', states: new Map([['s', bytes(1)]]) });
      expect((await store.progressOf(m))?.maxEnd).toBe(writer.lastEnd);
    });

    it('take the missing points of a unit that was split on its way', async () => {
      await store.commit(commitOf({}));
      const rest = { unit: 'u', tags: bytes(6, 7), expected: bytes(6) };
      expect(await store.commit(commitOf({ expectedRev: 'r1', nextRev: 'r2', receipts: [rest] }))).toEqual({
        outcome: 'committed',
      });
    });

    it('never change once they are sealed, and count what comes too late', async () => {
      await store.commit(commitOf({}));
      await store.noteDue(m, [pane.start], 5_000);
      await store.noteDue(m, [pane.start], 6_000);
      expect((await store.progressOf(m))?.panes).toEqual([{ ...pane, isSealed: false, dueSince: 5_000 }]);
      expect(await store.seal(m, pane)).toBe('sealed');
      expect(await store.seal(m, pane)).toBe('already_sealed');
      const late = commitOf({ expectedRev: 'r1', nextRev: 'r2', states: new Map([['s', bytes(9)]]), rows: 30 });
      expect(await store.commit(late)).toEqual({ outcome: 'sealed', sealedEnd: pane.end });
      await reopen();
      expect(await store.commit(late)).toEqual({ outcome: 'sealed', sealedEnd: pane.end });
      expect((await store.readPane(m, pane.start)).map(({ states }) => states)).toEqual([new Map([['s', bytes(1)]])]);
      expect(await store.progressOf(m)).toMatchObject({ lateRows: 60, sealedEnd: pane.end });
    });

    it('are sealed oldest first, and read when they are sealed', async () => {
      await store.commit(commitOf({}));
      await store.commit(commitOf({ pane: nextPane, receipts: [] }));
      expect(await store.seal(m, nextPane)).toBe('not_the_oldest');
      await expect(store.readPane(m, pane.start)).rejects.toThrow(/still open; seal it before/);
      expect(await store.seal(m, pane)).toBe('sealed');
      expect(await store.seal(m, nextPane)).toBe('sealed');
    });

    it('answer everything that was called before the end', async () => {
      const answers = [store.commit(commitOf({})), store.progress(), store.seal(m, pane)];
      await store.close();
      expect(await Promise.all(answers)).toHaveLength(3);
      await expect(store.progress()).rejects.toThrow(StoreUnavailable);
    });
  });

  describe('evaluations', () => {
    beforeEach(async () => {
      await store.commit(commitOf({}));
      await store.seal(m, pane);
    });

    it('are committed once for each version, and the loser leaves nothing', async () => {
      const [one, other] = ['one', 'other'].map((id) =>
        evaluationOf({ events: [eventOf(id)], results: [windowOf(1)] }),
      );
      expect(await store.readEval(m)).toEqual({ version: 0 });
      expect(await Promise.all([store.commitEval(one!), store.commitEval(other!)])).toEqual(['committed', 'stale']);
      await reopen();
      expect(await store.readEval(m)).toEqual({ version: 1, state: bytes(7) });
      expect((await store.outbox(10)).map(({ id }) => id)).toEqual(['one']);
      expect(await store.commitEval(evaluationOf({ expectedVersion: 1 }))).toBe('committed');
    });

    it('drop panes that are sealed, and no others', async () => {
      await store.commit(commitOf({ pane: nextPane, receipts: [] }));
      await store.commitEval(evaluationOf({ dropPanes: [pane.start, nextPane.start] }));
      expect((await store.progressOf(m))?.panes).toEqual([{ ...nextPane, isSealed: false }]);
      expect(await store.readPane(m, pane.start)).toEqual([]);
    });

    it('keep results until they are forgotten, and the first of each window', async () => {
      const results = [windowOf(1), windowOf(2), { ...windowOf(2), rows: 999 }, windowOf(3)];
      await store.commitEval(
        evaluationOf({ results, latest: { since: 0, lateRows: 0, subjects: {}, latest: windowOf(3) } }),
      );
      const ends = async () => (await store.results(m, 1, 3)).map(({ windowEnd, rows }) => [windowEnd, rows]);
      expect(await ends()).toEqual([
        [2, 2],
        [3, 3],
      ]);
      expect((await store.latest()).map(({ latest }) => latest)).toEqual([windowOf(3)]);
      await store.forgetBefore(3);
      expect(await ends()).toEqual([[3, 3]]);
    });

    it('keep what they say of references, key by key, until they take it away or the model goes', async () => {
      const write = (expectedVersion: number, entries: readonly (readonly [string, Uint8Array | undefined])[]) =>
        store.commitEval(evaluationOf({ expectedVersion, references: new Map(entries) }));
      const one = ['a', bytes(1)] as const;
      expect(await write(0, [one, ['b', bytes(2)]])).toBe('committed');
      expect(await write(0, [['a', bytes(9)]])).toBe('stale');
      await write(1, [
        ['b', undefined],
        ['c', bytes(3)],
      ]);
      await reopen();
      expect(await store.readReferences(m, ['a', 'b', 'c', 'd'])).toEqual(new Map([one, ['c', bytes(3)]]));
      expect(await store.readReferences('another', ['a'])).toEqual(new Map());
      await store.forgetBefore(1e9);
      expect(await store.readReferences(m, ['a'])).toEqual(new Map());
    });

    it('hand events over in their order, once, until they are deleted', async () => {
      await store.commitEval(evaluationOf({ events: ['b', 'a', 'b'].map(eventOf) }));
      await store.commitEval(evaluationOf({ expectedVersion: 1, events: [eventOf('a'), eventOf('c')] }));
      expect((await store.outbox(2)).map(({ id }) => id)).toEqual(['b', 'a']);
      await store.deleteFromOutbox(['b', 'a']);
      expect(await store.outbox(9)).toEqual([eventOf('c')]);
    });

    it('tell each channel the last state only, and what it was told before', async () => {
      const deliver = (expectedVersion: number, alert: Alert) =>
        store.commitEval(
          evaluationOf({ expectedVersion, deliveries: [{ alertId: 'x', channel: 'c', seq: alert.transition, alert }] }),
        );
      await deliver(0, alertOf(2, 'firing'));
      expect(await store.pendingDeliveries()).toEqual([{ alert: alertOf(2, 'firing'), channel: 'c' }]);
      await store.markDelivered({ alertId: 'x', channel: 'c', seq: 2, state: 'firing' });
      expect(await store.pendingDeliveries()).toEqual([]);
      await deliver(1, alertOf(4, 'firing'));
      await deliver(2, alertOf(5, 'resolved'));
      await store.markDelivered({ alertId: 'x', channel: 'c', seq: 4, state: 'firing' });
      expect(await store.pendingDeliveries()).toEqual([
        { alert: alertOf(5, 'resolved'), channel: 'c', lastSent: 'firing' },
      ]);
    });

    it('go with a model that nobody sends for any more', async () => {
      await store.commitEval(evaluationOf({ results: [windowOf(5_000)] }));
      await store.forgetBefore(1_000);
      expect(await store.progress()).toHaveLength(1);
      await store.forgetBefore(1_001);
      expect(await store.progress()).toEqual([]);
      expect(await store.results(m, 0, 1e9)).toEqual([]);
      expect(await store.commitEval(evaluationOf({ expectedVersion: 1 }))).toBe('stale');
    });
  });

  describe.runIf(isForServices)('the file', () => {
    it('belongs to one process, and the next has it when that one is gone', async () => {
      await expect(open()).rejects.toThrow(
        /is in use by another process \(waited 0.2 s\); stop that driftline serve, or set another store\.path/,
      );
      const next = openStore({ path: path(), waitMs: 5_000 });
      await store.close();
      store = await next;
      expect(await store.progress()).toEqual([]);
    });

    it.each([
      ['is no database', 'hello', /is not a database/],
      ['lies in no folder', undefined, /cannot open .*; set another store\.path/],
    ])('that %s is refused with the way out', async (_, content, complaint) => {
      const file = join(folder, 'other.db');
      writeFileSync(file, content?.repeat(1_000) ?? 'not a folder');
      await expect(openStore({ path: content === undefined ? join(file, 'state.db') : file })).rejects.toThrow(
        complaint,
      );
    });

    it('when it is full keeps what it has, and goes on when there is room again', async () => {
      await store.close();
      store = await openStore({ path: path(), largestBytes: 1_000_000 });
      const fullAt = await fillUp(store);
      expect(fullAt).toBeGreaterThan(5);
      expect((await store.readPartial(m, pane.start)).states.size).toBe(fullAt);
      await store.seal(m, pane);
      await store.commitEval(evaluationOf({ dropPanes: [pane.start] }));
      expect(await store.commit(commitOf({ pane: nextPane, receipts: [], states: largeState(0) }))).toEqual({
        outcome: 'committed',
      });
    });

    it('on a full disk keeps what it has, and goes on when there is room again', async (context) => {
      const disk = join(folder, 'disk');
      if (!mountsSmallDisk(disk))
        return context.skip('mounting a small disk needs rights that this machine does not give');
      try {
        const onDisk = await openStore({ path: join(disk, 'state.db') });
        writeFileSync(join(disk, 'ballast'), Buffer.alloc(1_000_000));
        const fullAt = await fillUp(onDisk);
        expect(fullAt).toBeGreaterThan(1);
        rmSync(join(disk, 'ballast'));
        const { rev, states } = await onDisk.readPartial(m, pane.start);
        expect(states.size).toBe(fullAt);
        expect(await onDisk.commit(commitOf({ expectedRev: rev, nextRev: 'again', receipts: [] }))).toEqual({
          outcome: 'committed',
        });
        await onDisk.close();
      } finally {
        execFileSync('umount', [disk]);
      }
    });

    it('loses and doubles nothing that was answered when its process is killed', { timeout: 60_000 }, async () => {
      await store.close();
      const answered = new Set<number>();
      for (const lifetimeMs of [40, 130, 70, 210]) {
        // The last units may or may not have been counted: as a sender would, it sends them again.
        const first = Math.max(0, ...answered) - 5;
        for (const number of await killedWriter(path(), Math.max(0, first), lifetimeMs)) answered.add(number);
      }
      store = await open();
      await store.seal(m, { start: 0, end: 300_000 });
      const ledger = ledgerOf(await store.readPane(m, 0));
      console.log(`killed 4 times; ${answered.size} units were answered, ${ledger.size} are counted`);
      expect(answered.size).toBeGreaterThan(100);
      expect([...answered].filter((number) => ledger.get(number) !== 1)).toEqual([]);
      expect([...ledger].filter(([, times]) => times !== 1)).toEqual([]);
    });
  });
});

const writer = { writer: 'w', name: 'shop/1', lastEnd: 400_000, lastSeen: 1_000, intervalMs: 60_000 };
const bytes = (...values: number[]): Uint8Array => new Uint8Array(values);

function commitOf(changed: Partial<PaneCommit>): PaneCommit {
  return {
    model: fraudModel,
    pane,
    expectedRev: '',
    nextRev: 'r1',
    receipts: [{ unit: 'u', tags: bytes(6), expected: bytes() }],
    writers: [writer],
    states: new Map([['s', bytes(1)]]),
    rows: 10,
    now: 1_000,
    ...changed,
  };
}

function evaluationOf(changed: Partial<EvaluationCommit>): EvaluationCommit {
  const nothing = { results: [], events: [], deliveries: [], dropPanes: [] };
  return { model: m, expectedVersion: 0, state: bytes(7), ...nothing, ...changed };
}

function windowOf(windowEnd: number): WindowMeasurement {
  const rest = { lateRows: 0, state: 'ok', features: [], performance: [] } as const;
  return { model: fraudModel, windowStart: 0, windowEnd, rows: windowEnd, ...rest };
}

function eventOf(id: string): ResultEvent {
  return { id, name: 'ml.drift.change', severity: 13, at: 1, resource: {}, attributes: {} };
}

function alertOf(transition: number, state: Alert['state']): Alert {
  const rest = { since: 1, activeSince: 1, windows: 1, value: 1, threshold: 0, features: [] };
  return { id: 'x', rule: 'drift', severity: 'warning', model: fraudModel, state, transition, ...rest };
}

const largeState = (number: number): ReadonlyMap<string, Uint8Array> =>
  new Map([[`s${number}`, new Uint8Array(50_000)]]);

/** Commits until the store says that it cannot, and says how often it could. */
async function fillUp(store: Store): Promise<number> {
  for (let number = 0; ; number++) {
    const expectedRev = number === 0 ? '' : `r${number - 1}`;
    const answer = store.commit(
      commitOf({ expectedRev, nextRev: `r${number}`, receipts: [], states: largeState(number) }),
    );
    const error = await answer.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (error === undefined) continue;
    expect(error).toBeInstanceOf(StoreUnavailable);
    expect(error).toHaveProperty('message', expect.stringMatching(/SQLITE_FULL|SQLITE_IOERR/));
    return number;
  }
}

function mountsSmallDisk(folder: string): boolean {
  try {
    execFileSync('mkdir', [folder]);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Lets a process count units for that long after its first answer, kills it, and says which numbers it answered. */
async function killedWriter(path: string, first: number, lifetimeMs: number): Promise<readonly number[]> {
  const script = join(import.meta.dirname, '../support/store-writer.ts');
  const child = spawn(process.execPath, ['--conditions=@driftline/source', script, path, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const answered: number[] = [];
  const lines = createInterface(child.stdout);
  lines.on('line', (line) => answered.push(Number(line)));
  await Promise.race([once(lines, 'line'), exited]);
  await sleep(lifetimeMs);
  child.kill('SIGKILL');
  await Promise.all([exited, once(lines, 'close')]);
  return answered;
}
