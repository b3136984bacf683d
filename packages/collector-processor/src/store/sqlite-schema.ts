import type { Database } from 'better-sqlite3';

/** Each brings a file one version further; only ever append. */
const migrations: readonly string[] = [
  `
  CREATE TABLE deployment (id TEXT NOT NULL, hash_key BLOB NOT NULL) STRICT;

  CREATE TABLE model (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    identity TEXT NOT NULL,
    sealed_end INTEGER NOT NULL DEFAULT 0,
    max_end INTEGER NOT NULL DEFAULT 0,
    last_seen INTEGER NOT NULL DEFAULT 0,
    late_rows REAL NOT NULL DEFAULT 0,
    eval_version INTEGER NOT NULL DEFAULT 0,
    eval_state BLOB,
    latest TEXT
  ) STRICT;

  CREATE TABLE pane (
    model INTEGER NOT NULL REFERENCES model ON DELETE CASCADE,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    rev TEXT NOT NULL,
    due_since INTEGER,
    PRIMARY KEY (model, start)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE pane_state (
    model INTEGER NOT NULL,
    pane INTEGER NOT NULL,
    series TEXT NOT NULL,
    state BLOB NOT NULL,
    PRIMARY KEY (model, pane, series),
    FOREIGN KEY (model, pane) REFERENCES pane ON DELETE CASCADE
  ) STRICT;

  CREATE TABLE receipt (
    model INTEGER NOT NULL,
    pane INTEGER NOT NULL,
    unit TEXT NOT NULL,
    tags BLOB NOT NULL,
    PRIMARY KEY (model, pane, unit),
    FOREIGN KEY (model, pane) REFERENCES pane ON DELETE CASCADE
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE writer (
    model INTEGER NOT NULL REFERENCES model ON DELETE CASCADE,
    writer TEXT NOT NULL,
    name TEXT NOT NULL,
    last_end INTEGER NOT NULL,
    last_seen INTEGER NOT NULL,
    interval_ms INTEGER NOT NULL,
    PRIMARY KEY (model, writer)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE result (
    model INTEGER NOT NULL REFERENCES model ON DELETE CASCADE,
    window_end INTEGER NOT NULL,
    measurement TEXT NOT NULL,
    PRIMARY KEY (model, window_end)
  ) STRICT;
  CREATE INDEX result_by_age ON result (window_end);

  CREATE TABLE outbox (seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, event TEXT NOT NULL) STRICT;

  CREATE TABLE delivery (
    alert_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    alert TEXT NOT NULL,
    desired_seq INTEGER NOT NULL,
    sent_seq INTEGER NOT NULL DEFAULT 0,
    last_sent TEXT,
    PRIMARY KEY (alert_id, channel)
  ) STRICT;
  `,
];

/**
 * Tables that an older version leaves alone. They need no version of their own, so that going back to the version before
 * stays possible; once made they never change.
 */
const additions: readonly string[] = [
  `
  CREATE TABLE IF NOT EXISTS reference (
    model INTEGER NOT NULL REFERENCES model ON DELETE CASCADE,
    key TEXT NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (model, key)
  ) STRICT;
  `,
];

/** Brings the file to the newest version in one transaction; a copy of what was there stays beside it. */
export function migrate(database: Database, steps: readonly string[] = migrations): void {
  const found = Number(database.pragma('user_version', { simple: true }));
  if (found > steps.length) {
    throw new Error(
      `store: ${database.name} has schema ${found}, this driftline knows ${steps.length}; run the version that wrote it, or a newer one`,
    );
  }
  if (found < steps.length) migrateFrom(found, database, steps);
  for (const addition of additions) database.exec(addition);
}

function migrateFrom(found: number, database: Database, steps: readonly string[]): void {
  if (found > 0 && !database.memory) database.prepare('VACUUM INTO ?').run(`${database.name}.schema-${found}`);
  database
    .transaction(() => {
      for (const step of steps.slice(found)) database.exec(step);
      database.pragma(`user_version = ${steps.length}`);
    })
    .exclusive();
}
