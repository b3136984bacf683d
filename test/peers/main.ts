/**
 * `npm run peers [-- ROWS ...]`: false alarms and power of the peers' rules and of ours on the same windows of so many
 * rows, 300, 1000 and 10,000 unless said. Writes alarms.json, the picture and the table of docs/compared-with-others.md.
 * Peers are installed once, pinned, into environments of their own. All of it takes an hour; what peers said is kept in
 * the folder PEERS_FOLDER, or in a temporary one, and not asked again.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pythonOf } from '../components/python-environment.ts';
import { alarmsOf } from './driftline-rule.ts';
import { readAlarms, writeAlarms } from './page.ts';
import { type Said, type Summary, summaryOf } from './summary.ts';

const REFERENCES = 10;
/** More where windows are small; 13 are the fewest that hold two whole hours. */
const windowsOf = (rows: number): number => (rows < 10_000 ? 20 : 13);
const peers = ['evidently', 'nannyml', 'whylogs', 'alibi', 'scouter'] as const;

const given = process.argv.slice(2);
const sizes = (given.length === 0 ? ['300', '1000', '10000'] : given).map(Number);
if (!sizes.every((rows) => Number.isInteger(rows) && rows >= 100)) {
  process.stderr.write(`peers: ${given.join(' ')}: rows of a window are whole numbers from 100 on\n`);
  process.exit(2);
}
const folder = process.env['PEERS_FOLDER'] ?? join(tmpdir(), 'driftline-peers');
const counted: Summary[] = [];
for (const rows of sizes) {
  const data = join(folder, String(rows));
  mkdirSync(data, { recursive: true });
  if (!existsSync(join(data, 'windows.parquet'))) {
    await python('evidently', 'windows.py', data, rows, REFERENCES, windowsOf(rows));
  }
  for (const [rule, said] of Object.entries(await alarmsOf(data, rows))) {
    counted.push(summaryOf(rule.startsWith('PSI') ? rule : `driftline: ${rule}`, rows, said));
  }
  for (const peer of peers) {
    const said = await kept(
      data,
      peer,
      async (): Promise<Said> => JSON.parse(await python(peer, `${peer}_rule.py`, data, rows)),
    );
    counted.push(summaryOf(peer, rows, said));
  }
}
const others = readAlarms().filter(({ rows }) => !sizes.includes(rows));
writeAlarms([...others, ...counted]);
writeFileSync(new URL('../../docs/compared-with-others.svg', import.meta.url), await python('evidently', 'picture.py'));

async function kept(data: string, rule: string, count: () => Promise<Said>): Promise<Said> {
  const file = join(data, `${rule}.json`);
  if (!existsSync(file)) {
    process.stdout.write(`${rule}, in ${data}\n`);
    writeFileSync(file, JSON.stringify(await count()));
  }
  return JSON.parse(readFileSync(file, 'utf8'));
}

async function python(environment: (typeof peers)[number], script: string, ...args: readonly (string | number)[]) {
  return execFileSync(await pythonOf(environment), [join(import.meta.dirname, script), ...args.map(String)], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NML_DISABLE_USAGE_LOGGING: '1' },
  });
}
