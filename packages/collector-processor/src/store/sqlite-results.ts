import type { Database } from 'better-sqlite3';
import type { Alert } from '../alert/alert.ts';
import type { WindowMeasurement } from '../evaluate/measurement.ts';
import type { ResultEvent } from '../publish/events.ts';
import type { PublicationState } from '../publish/publication-state.ts';
import { decideEvaluation } from './commit.ts';
import type { ResultOperations } from './sqlite-operations.ts';
import type { EvaluationCommit } from './store.ts';

interface EvaluatedRow {
  readonly id: number;
  readonly version: number;
  readonly state: Uint8Array | null;
}

interface DeliveryRow {
  readonly alert: string;
  readonly channel: string;
  readonly lastSent: 'firing' | 'resolved' | null;
}

/** What evaluations leave behind and publication takes up. Each operation runs inside a transaction of the caller. */
export function resultOperations(database: Database): ResultOperations {
  const sql = statements(database);

  function write(id: number, commit: EvaluationCommit): void {
    const latest = commit.latest && JSON.stringify(commit.latest);
    sql.putEvaluation.run({ id, state: commit.state, latest: latest ?? null });
    for (const result of commit.results) sql.putResult.run(id, Math.trunc(result.windowEnd), JSON.stringify(result));
    for (const event of commit.events) sql.putEvent.run(event.id, JSON.stringify(event));
    for (const { alertId, channel, seq, alert } of commit.deliveries) {
      sql.putDelivery.run({ alertId, channel, seq, alert: JSON.stringify(alert) });
    }
    for (const pane of commit.dropPanes) sql.dropPane.run(id, pane);
    for (const [key, content] of commit.references ?? []) {
      if (content === undefined) sql.dropReference.run(id, key);
      else sql.putReference.run(id, key, content);
    }
  }

  return {
    readEval(model) {
      const row = sql.evaluation.get(model);
      return { version: row?.version ?? 0, ...(row?.state ? { state: row.state } : {}) };
    },
    readReferences(model, keys) {
      return new Map(
        keys.flatMap((key): [string, Uint8Array][] => {
          const content = sql.reference.pluck().get(model, key);
          return content === undefined ? [] : [[key, content]];
        }),
      );
    },
    commitEval(commit) {
      const row = sql.evaluation.get(commit.model);
      if (row === undefined) return 'stale';
      const decision = decideEvaluation(row.version, commit.expectedVersion);
      if (decision === 'committed') write(row.id, commit);
      return decision;
    },
    latest() {
      return sql.latest
        .pluck()
        .all()
        .map((text): PublicationState => JSON.parse(text));
    },
    results(model, after, until) {
      return sql.results
        .pluck()
        .all(model, after, until)
        .map((text): WindowMeasurement => JSON.parse(text));
    },
    outbox(most) {
      return sql.outbox
        .pluck()
        .all(most)
        .map((text): ResultEvent => JSON.parse(text));
    },
    deleteFromOutbox(ids) {
      for (const id of ids) sql.deleteEvent.run(id);
    },
    pendingDeliveries() {
      return sql.pendingDeliveries.all().map(({ alert: text, channel, lastSent }) => {
        const alert: Alert = JSON.parse(text);
        return { alert, channel, ...(lastSent === null ? {} : { lastSent }) };
      });
    },
    markDelivered({ alertId, channel, seq, state }) {
      sql.markDelivered.run({ alertId, channel, seq, state: state ?? null });
    },
    forgetBefore(time) {
      const before = Math.trunc(time);
      sql.forgetResults.run(before);
      sql.forgetModels.run(before);
      sql.forgetDeliveries.run(before);
    },
  };
}

function statements(database: Database) {
  return {
    evaluation: database.prepare<[key: string], EvaluatedRow>(
      'SELECT id, eval_version AS version, eval_state AS state FROM model WHERE key = ?',
    ),
    putEvaluation: database.prepare<{ id: number; state: Uint8Array; latest: string | null }>(
      `UPDATE model SET eval_version = eval_version + 1, eval_state = @state, latest = coalesce(@latest, latest)
       WHERE id = @id`,
    ),
    reference: database.prepare<[modelKey: string, key: string], Uint8Array>(
      'SELECT content FROM reference WHERE model = (SELECT id FROM model WHERE key = ?) AND key = ?',
    ),
    putReference: database.prepare<[model: number, key: string, content: Uint8Array]>(
      'INSERT INTO reference (model, key, content) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET content = excluded.content',
    ),
    dropReference: database.prepare<[model: number, key: string]>('DELETE FROM reference WHERE model = ? AND key = ?'),
    dropPane: database.prepare<[model: number, start: number]>(
      'DELETE FROM pane WHERE model = ? AND start = ? AND start < (SELECT sealed_end FROM model WHERE id = pane.model)',
    ),
    latest: database.prepare<[], string>('SELECT latest FROM model WHERE latest IS NOT NULL ORDER BY id'),
    putResult: database.prepare<[model: number, windowEnd: number, measurement: string]>(
      'INSERT OR IGNORE INTO result (model, window_end, measurement) VALUES (?, ?, ?)',
    ),
    results: database.prepare<[key: string, after: number, until: number], string>(
      `SELECT measurement FROM result
       WHERE model = (SELECT id FROM model WHERE key = ?) AND window_end > ? AND window_end <= ? ORDER BY window_end`,
    ),
    forgetResults: database.prepare<[before: number]>('DELETE FROM result WHERE window_end < ?'),
    forgetModels: database.prepare<[before: number]>('DELETE FROM model WHERE last_seen < ?'),
    putEvent: database.prepare<[id: string, event: string]>('INSERT OR IGNORE INTO outbox (id, event) VALUES (?, ?)'),
    outbox: database.prepare<[most: number], string>('SELECT event FROM outbox ORDER BY seq LIMIT ?'),
    deleteEvent: database.prepare<[id: string]>('DELETE FROM outbox WHERE id = ?'),
    putDelivery: database.prepare<{ alertId: string; channel: string; seq: number; alert: string }>(
      `INSERT INTO delivery (alert_id, channel, alert, desired_seq) VALUES (@alertId, @channel, @alert, @seq)
       ON CONFLICT DO UPDATE SET alert = excluded.alert, desired_seq = excluded.desired_seq
       WHERE excluded.desired_seq > desired_seq`,
    ),
    pendingDeliveries: database.prepare<[], DeliveryRow>(
      `SELECT alert, channel, last_sent AS lastSent FROM delivery
       WHERE sent_seq < desired_seq ORDER BY alert_id, channel`,
    ),
    markDelivered: database.prepare<{ alertId: string; channel: string; seq: number; state: string | null }>(
      `UPDATE delivery SET sent_seq = @seq, last_sent = coalesce(@state, last_sent)
       WHERE alert_id = @alertId AND channel = @channel AND sent_seq < @seq`,
    ),
    forgetDeliveries: database.prepare<[before: number]>(
      "DELETE FROM delivery WHERE sent_seq >= desired_seq AND json_extract(alert, '$.since') < ?",
    ),
  };
}
