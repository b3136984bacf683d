import type { Database } from 'better-sqlite3';
import type { ModelIdentity } from '../receive/unit.ts';
import { decideCommit, decideSeal, type StoredPane } from './commit.ts';
import type { PaneOperations } from './sqlite-operations.ts';
import type { ModelProgress, PaneCommit, PanePartial, WriterProgress } from './store.ts';

interface ModelRow {
  readonly id: number;
  readonly identity: string;
  readonly sealedEnd: number;
  readonly maxEnd: number;
  readonly lastSeen: number;
  readonly lateRows: number;
}

interface PaneRow {
  readonly start: number;
  readonly end: number;
  readonly rev: string;
  readonly dueSince: number | null;
}

/** A sender not heard of for so long is not waited for; its row would only make the others slower to read. */
const writerLifetimeMs = 86_400_000;

/** One process owns the file, so a pane has one partial. Each operation runs inside a transaction of the caller. */
export function paneOperations(database: Database): PaneOperations {
  const sql = statements(database);

  function storedPane({ model, pane, receipts }: PaneCommit): StoredPane {
    const row = sql.model.get(model.key);
    if (row === undefined) return { sealedEnd: 0, rev: '', receipts: new Map() };
    const stored = receipts.flatMap(({ unit }) => {
      const receipt = sql.receipt.get(row.id, pane.start, unit);
      return receipt === undefined ? [] : [[unit, receipt.tags] as const];
    });
    return {
      sealedEnd: row.sealedEnd,
      rev: sql.pane.get(row.id, pane.start)?.rev ?? '',
      receipts: new Map(stored),
    };
  }

  function write({ model, pane, nextRev, receipts, writers, states, now }: PaneCommit): void {
    const maxEnd = Math.max(0, ...writers.map(({ lastEnd }) => lastEnd));
    const id = sql.putModel.get({ key: model.key, identity: JSON.stringify(model), maxEnd, now })!.id;
    sql.putPane.run(id, pane.start, pane.end, nextRev);
    for (const { unit, tags } of receipts) sql.putReceipt.run(id, pane.start, unit, tags);
    for (const [series, state] of states) sql.putState.run(id, pane.start, series, state);
    for (const writer of writers) sql.putWriter.run({ model: id, ...writer });
  }

  function progressOf(row: ModelRow): ModelProgress {
    const { id, identity, ...progress } = row;
    const model: ModelIdentity = JSON.parse(identity);
    const panes = sql.panes.all(id).map(({ start, end, dueSince }) => ({
      start,
      end,
      isSealed: start < row.sealedEnd,
      ...(dueSince === null ? {} : { dueSince }),
    }));
    return { model, ...progress, panes };
  }

  function partialOf(model: ModelRow | undefined, start: number): PanePartial | undefined {
    const pane = model && sql.pane.get(model.id, start);
    return pane && { rev: pane.rev, states: new Map(sql.states.raw().all(model.id, start)) };
  }

  return {
    commit(commit) {
      const decision = decideCommit(storedPane(commit), commit);
      if (decision.outcome === 'sealed') sql.addLateRows.run(commit.rows, commit.model.key);
      if (decision.outcome === 'committed') write(commit);
      return decision;
    },
    readPartial(model, pane) {
      return partialOf(sql.model.get(model), pane) ?? { rev: '', states: new Map() };
    },
    readPane(model, pane) {
      const row = sql.model.get(model);
      if (row !== undefined && pane >= row.sealedEnd) {
        throw new Error(`store: pane ${pane} of model ${model} is still open; seal it before it is read`);
      }
      return [partialOf(row, pane)].filter((partial) => partial !== undefined);
    },
    progress() {
      return sql.models.all().map(progressOf);
    },
    progressOf(model) {
      const row = sql.model.get(model);
      return row && progressOf(row);
    },
    readWriters(model) {
      return sql.writers.all(model);
    },
    noteDue(model, panes, now) {
      for (const pane of panes) sql.noteDue.run(Math.trunc(now), model, pane);
    },
    seal(model, pane) {
      const row = sql.model.get(model);
      if (row === undefined) return 'already_sealed';
      const oldestOpen = sql.oldestOpen.get(row.id, row.sealedEnd)?.start;
      const decision = decideSeal({ sealedEnd: row.sealedEnd, oldestOpen }, pane);
      if (decision !== 'sealed') return decision;
      sql.seal.run(pane.end, row.id);
      sql.forgetReceipts.run(row.id, pane.end);
      sql.forgetWriters.run(row.id, row.lastSeen - writerLifetimeMs);
      return decision;
    },
  };
}

const modelColumns =
  'id, identity, sealed_end AS sealedEnd, max_end AS maxEnd, last_seen AS lastSeen, late_rows AS lateRows';

function statements(database: Database) {
  return {
    model: database.prepare<[key: string], ModelRow>(`SELECT ${modelColumns} FROM model WHERE key = ?`),
    models: database.prepare<[], ModelRow>(`SELECT ${modelColumns} FROM model ORDER BY id`),
    putModel: database.prepare<{ key: string; identity: string; maxEnd: number; now: number }, { id: number }>(
      `INSERT INTO model (key, identity, max_end, last_seen) VALUES (@key, @identity, @maxEnd, trunc(@now))
       ON CONFLICT DO UPDATE SET max_end = max(max_end, excluded.max_end), last_seen = max(last_seen, excluded.last_seen)
       RETURNING id`,
    ),
    addLateRows: database.prepare<[rows: number, key: string]>(
      'UPDATE model SET late_rows = late_rows + ? WHERE key = ?',
    ),
    pane: database.prepare<[model: number, start: number], PaneRow>(
      'SELECT start, "end", rev, due_since AS dueSince FROM pane WHERE model = ? AND start = ?',
    ),
    panes: database.prepare<[model: number], PaneRow>(
      'SELECT start, "end", rev, due_since AS dueSince FROM pane WHERE model = ? ORDER BY start',
    ),
    oldestOpen: database.prepare<[model: number, sealedEnd: number], { readonly start: number }>(
      'SELECT start FROM pane WHERE model = ? AND start >= ? ORDER BY start LIMIT 1',
    ),
    putPane: database.prepare<[model: number, start: number, end: number, rev: string]>(
      'INSERT INTO pane (model, start, "end", rev) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET rev = excluded.rev',
    ),
    noteDue: database.prepare<[now: number, key: string, start: number]>(
      `UPDATE pane SET due_since = coalesce(due_since, ?)
       WHERE model = (SELECT id FROM model WHERE key = ?) AND start = ?`,
    ),
    states: database.prepare<[model: number, pane: number], readonly [series: string, state: Uint8Array]>(
      'SELECT series, state FROM pane_state WHERE model = ? AND pane = ? ORDER BY series',
    ),
    putState: database.prepare<[model: number, pane: number, series: string, state: Uint8Array]>(
      `INSERT INTO pane_state (model, pane, series, state) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET state = excluded.state`,
    ),
    receipt: database.prepare<[model: number, pane: number, unit: string], { readonly tags: Uint8Array }>(
      'SELECT tags FROM receipt WHERE model = ? AND pane = ? AND unit = ?',
    ),
    putReceipt: database.prepare<[model: number, pane: number, unit: string, tags: Uint8Array]>(
      `INSERT INTO receipt (model, pane, unit, tags) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET tags = excluded.tags`,
    ),
    forgetReceipts: database.prepare<[model: number, sealedEnd: number]>(
      'DELETE FROM receipt WHERE model = ? AND pane < ?',
    ),
    writers: database.prepare<[key: string], WriterProgress>(
      `SELECT writer, name, last_end AS lastEnd, last_seen AS lastSeen, interval_ms AS intervalMs
       FROM writer WHERE model = (SELECT id FROM model WHERE key = ?) ORDER BY writer`,
    ),
    putWriter: database.prepare<WriterProgress & { readonly model: number }>(
      `INSERT INTO writer (model, writer, name, last_end, last_seen, interval_ms)
       VALUES (@model, @writer, @name, trunc(@lastEnd), trunc(@lastSeen), trunc(@intervalMs))
       ON CONFLICT DO UPDATE SET
         name = excluded.name,
         last_end = max(last_end, excluded.last_end),
         last_seen = max(last_seen, excluded.last_seen),
         interval_ms = iif(excluded.interval_ms > 0, excluded.interval_ms, interval_ms)`,
    ),
    forgetWriters: database.prepare<[model: number, before: number]>(
      'DELETE FROM writer WHERE model = ? AND last_seen < ?',
    ),
    seal: database.prepare<[end: number, model: number]>('UPDATE model SET sealed_end = ? WHERE id = ?'),
  };
}
