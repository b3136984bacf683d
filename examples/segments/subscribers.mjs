/**
 * Writes training.csv and today.csv into the folder that it is run in: what customers of two plans pay a month.
 *
 * Customers of either plan pay more than they did. There are fewer business customers, who pay most, so that all
 * customers together pay as before: Simpson's paradox.
 */
import { writeFileSync } from 'node:fs';

const training = { free: { share: 0.5, amount: 22 }, business: { share: 0.5, amount: 38 } };
const today = { free: { share: 0.68, amount: 25 }, business: { share: 0.32, amount: 41 } };

const random = seededRandom(7);
write('training.csv', 20_000, training);
write('today.csv', 6_000, today);

function write(path, rows, plans) {
  const lines = Object.entries(plans).flatMap(([plan, { share, amount }]) =>
    Array.from({ length: rows * share }, () => {
      const paid = amount + 10 * normal(random);
      const months = Math.floor(60 * random());
      return `${plan},${paid.toFixed(2)},${months}`;
    }),
  );
  writeFileSync(path, `plan,amount,months\n${lines.join('\n')}\n`);
  console.log(`${path}: ${lines.length} rows`);
}

/** mulberry32: uniform on [0, 1), and the same numbers everywhere. */
function seededRandom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Box and Muller. */
function normal(random) {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
