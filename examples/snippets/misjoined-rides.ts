import { writeFileSync } from 'node:fs';

/** Rides, and the same rides after a join that gave each the duration of another. The same at every run. */
const ROWS = 5000;

let state = 7;
const random = (): number => {
  state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
  return state / 2 ** 32;
};

const rides = Array.from({ length: 4 * ROWS }, () => {
  const kilometres = Math.round(100 * 8 * random() ** 2 + 50) / 100;
  const minutes = Math.round(3 + kilometres * (2 + 2 * random()));
  return { kilometres, minutes, hour: Math.floor(24 * random()), passengers: 1 + Math.floor(4 * random() ** 3) };
});

function write(file: string, rows: readonly (typeof rides)[number][]): void {
  const lines = rows.map(({ kilometres, minutes, hour, passengers }) => [kilometres, minutes, hour, passengers].join());
  writeFileSync(file, `kilometres,minutes,hour,passengers\n${lines.join('\n')}\n`);
}

const today = rides.slice(0, ROWS);
write('rides.csv', rides.slice(ROWS));
write('today.csv', today);
write(
  'misjoined.csv',
  today.map((ride, i) => ({ ...ride, minutes: today[(i + 1) % ROWS]?.minutes ?? 0 })),
);
