/**
 * A service that counts one numbered unit after the other into a store, and says each number once it has the answer. It
 * goes on until it is killed. Arguments: path of the store, first number.
 */
import { randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';
import { PaneIngest } from '../../packages/collector-processor/src/panes/pane-ingest.ts';
import { openSqlite } from '../../packages/collector-processor/src/store/sqlite.ts';
import { numberedUnit, wideLimits } from './numbered-units.ts';

const [path = '', first = '0'] = process.argv.slice(2);
const store = await openSqlite({ path });
const panes = await PaneIngest.over(store, {
  models: 10,
  limits: wideLimits,
  paneMs: () => 300_000,
  now: Date.now,
  token: randomUUID,
});
for (let number = Number(first); ; number += 3) {
  // Three senders at once, so that a kill meets commits of several units.
  const numbers = [number, number + 1, number + 2];
  await Promise.all(
    numbers.map(async (one) => {
      const answer = await panes.ingest([numberedUnit(one)], {});
      if (typeof answer !== 'string') writeSync(1, `${one}\n`);
    }),
  );
}
