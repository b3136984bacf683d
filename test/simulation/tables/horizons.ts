import { shifted } from '../changes.ts';
import { distributionTest, isDrift, numericCounts } from '../distribution-test.ts';
import { continuous } from '../features.ts';
import { hypotheses, monthly, monthlyEach } from '../levels.ts';
import type { Random } from '../random.ts';
import { repetitions, rounded, type Row, type Table } from '../table.ts';

const STREAMS = 400;
const [WINDOWS, WINDOWS_AN_HOUR] = [36, 12];
const REFERENCE = 10_000;
const LOOSE = 0.01 / hypotheses;

const cells = [
  { current: 100, shift: 0.25 },
  { current: 100, shift: 0.3 },
  { current: 100, shift: 0.5 },
  { current: 300, shift: 0.25 },
  { current: 300, shift: 0.3 },
  { current: 300, shift: 0.5 },
  { current: 1000, shift: 0.25 },
  { current: 1000, shift: 0.3 },
] as const;

/** Window by window after a change: which rule sees it first, and how often within three hours? */
export const horizons: Table = {
  name: 'horizons',
  title: 'Windows of five minutes until a shift is drift, N = 10,000, 60 hypotheses',
  seed: 20_261_129,
  run(scale, random) {
    return cells.map((cell) => delayRow(random, cell, repetitions(STREAMS, scale)));
  },
};

export function delayRow(
  random: Random,
  { current, shift }: { readonly current: number; readonly shift: number },
  streams: number,
): Row {
  const delays = Array.from({ length: streams }, () => firstAlarms(random, current, shift));
  const found = (rule: keyof FirstAlarms) => {
    const at = delays.map((delay) => delay[rule]).toSorted((a, b) => a - b);
    const text = (quantile: number) => {
      const value = at[Math.ceil(quantile * streams) - 1] ?? Infinity;
      return value === Infinity ? '-' : String(value);
    };
    return `${rounded(at.filter((delay) => delay < Infinity).length / streams)} / ${text(0.5)} / ${text(0.9)}`;
  };
  return {
    M: current,
    shift,
    streams,
    'one window': found('window'),
    '2 of 3 at 0.01': found('twoOfThree'),
    '2 in a row at 0.01': found('twoInARow'),
    'hour only': found('hour'),
    'window and hour': found('either'),
  };
}

interface FirstAlarms {
  window: number;
  twoOfThree: number;
  twoInARow: number;
  hour: number;
  either: number;
}

/** The window with the first alarm of each rule, the first changed window being 1. */
function firstAlarms(random: Random, rows: number, shift: number): FirstAlarms {
  const drawn = feature.draw(random, REFERENCE);
  const change = shifted(shift);
  const first: FirstAlarms = {
    window: Infinity,
    twoOfThree: Infinity,
    twoInARow: Infinity,
    hour: Infinity,
    either: Infinity,
  };
  const panes = Array.from({ length: WINDOWS_AN_HOUR - 1 }, () => drawn.counts(random, rows));
  const loose: boolean[] = [];
  for (let window = 1; window <= WINDOWS && Object.values(first).some((at) => at === Infinity); window++) {
    panes.push(drawn.counts(random, rows, change));
    if (panes.length > WINDOWS_AN_HOUR) panes.shift();
    const one = distributionTest(drawn.reference, numericCounts(panes.at(-1) ?? []));
    const hour = distributionTest(drawn.reference, numericCounts(merged(panes)));
    loose.push(isDrift(one, LOOSE));
    const lately = loose.slice(-3).filter(Boolean).length;
    const raised: Record<keyof FirstAlarms, boolean> = {
      window: isDrift(one, monthly / hypotheses),
      twoOfThree: lately >= 2 && loose.at(-1) === true,
      twoInARow: loose.at(-1) === true && loose.at(-2) === true,
      hour: isDrift(hour, monthly / hypotheses),
      either: isDrift(one, monthlyEach / hypotheses) || isDrift(hour, monthlyEach / hypotheses),
    };
    first.window = raised.window ? Math.min(first.window, window) : first.window;
    first.twoOfThree = raised.twoOfThree ? Math.min(first.twoOfThree, window) : first.twoOfThree;
    first.twoInARow = raised.twoInARow ? Math.min(first.twoInARow, window) : first.twoInARow;
    first.hour = raised.hour ? Math.min(first.hour, window) : first.hour;
    first.either = raised.either ? Math.min(first.either, window) : first.either;
  }
  return first;
}

const feature = continuous();

function merged(panes: readonly Float64Array[]): Float64Array {
  const sum = new Float64Array(panes[0]?.length ?? 0);
  for (const counts of panes) for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? 0) + (counts[i] ?? 0);
  return sum;
}
