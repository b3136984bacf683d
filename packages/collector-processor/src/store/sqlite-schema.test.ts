import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrate } from './sqlite-schema.ts';

const first = 'CREATE TABLE a (x INTEGER)';
const second = 'ALTER TABLE a ADD COLUMN y INTEGER DEFAULT 7';

describe('the schema', () => {
  let folder = '';
  const open = () => new SqliteDatabase(join(folder, 'state.db'));

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'driftline-schema-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is brought forward with what is stored, and a copy of the old file stays', () => {
    const database = open();
    migrate(database, [first]);
    database.exec('INSERT INTO a VALUES (1)');
    migrate(database, [first, second]);
    migrate(database, [first, second]);
    expect(database.prepare('SELECT * FROM a').all()).toEqual([{ x: 1, y: 7 }]);
    const copy = new SqliteDatabase(join(folder, 'state.db.schema-1'), { readonly: true });
    expect(copy.prepare('SELECT * FROM a').all()).toEqual([{ x: 1 }]);
    for (const one of [database, copy]) one.close();
  });

  it('stays as it was when a step fails', () => {
    const database = open();
    migrate(database, [first]);
    expect(() => migrate(database, [first, second, 'nonsense'])).toThrow('nonsense');
    expect(database.prepare('SELECT * FROM a').columns()).toHaveLength(1);
    expect(database.pragma('user_version', { simple: true })).toBe(1);
    database.close();
  });

  it('of a newer version is left alone', () => {
    const database = open();
    migrate(database, [first, second]);
    expect(() => migrate(database, [first])).toThrow(
      /has schema 2, this driftline knows 1; run the version that wrote it, or a newer one/,
    );
    expect(existsSync(join(folder, 'state.db.schema-2'))).toBe(false);
    database.close();
  });

  it('gains tables that an older version leaves alone, without a new number', () => {
    const database = open();
    migrate(database, [first]);
    database.exec('DROP TABLE reference');
    migrate(database, [first]);
    expect(database.prepare('SELECT * FROM reference').columns()).toHaveLength(3);
    expect(database.pragma('user_version', { simple: true })).toBe(1);
    database.close();
  });

  it('that is ours creates everything at once', () => {
    const database = new SqliteDatabase(':memory:');
    migrate(database);
    expect(database.prepare("SELECT count(*) FROM sqlite_master WHERE type = 'table'").pluck().get()).toBeGreaterThan(
      8,
    );
    database.close();
  });
});
