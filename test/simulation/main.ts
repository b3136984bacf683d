/** `npm run simulate [-- table ...] [--scale 0.1]`: runs tables and writes their results; without a name, all of them. */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { runTable } from './table.ts';
import { tables } from './tables/index.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { scale: { type: 'string', default: '1' } },
});
const scale = Number(values.scale);
const unknown = positionals.filter((name) => !tables.some((table) => table.name === name));
if (unknown.length > 0 || !(scale > 0)) {
  const known = tables.map(({ name }) => name).join(', ');
  process.stderr.write(`simulate: ${unknown.join(', ') || `--scale ${values.scale}`} is unknown; known: ${known}\n`);
  process.exit(2);
}
for (const table of tables) {
  if (positionals.length > 0 && !positionals.includes(table.name)) continue;
  const result = runTable(table, scale);
  const json = JSON.stringify(result, undefined, 2);
  process.stdout.write(`${json}\n`);
  if (scale === 1) writeFileSync(new URL(`results/${table.name}.json`, import.meta.url), `${json}\n`);
}
