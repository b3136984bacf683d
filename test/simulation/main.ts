/**
 * `npm run simulate [-- table ...] [--scale 0.1]`: runs tables, writes their results and brings docs/false-alarms.md up
 * to date; without a name, all of them. `page` only does the latter.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { writePage } from './page.ts';
import { runTable } from './table.ts';
import { tables } from './tables/index.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { scale: { type: 'string', default: '1' } },
});
const scale = Number(values.scale);
const known = [...tables.map(({ name }) => name), 'page'];
const unknown = positionals.filter((name) => !known.includes(name));
if (unknown.length > 0 || !(scale > 0)) {
  const what = unknown.length > 0 ? `${unknown.join(', ')} is unknown` : `--scale ${values.scale} is no number above 0`;
  process.stderr.write(`simulate: ${what}; known: ${known.join(', ')}\n`);
  process.exit(2);
}
for (const table of tables) {
  if (positionals.length > 0 && !positionals.includes(table.name)) continue;
  const result = runTable(table, scale);
  const json = JSON.stringify(result, undefined, 2);
  process.stdout.write(`${json}\n`);
  if (scale === 1) writeFileSync(new URL(`results/${table.name}.json`, import.meta.url), `${json}\n`);
}
if (scale === 1 && (positionals.length === 0 || positionals.includes('page'))) writePage();
