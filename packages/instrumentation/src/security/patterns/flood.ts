import { ML_SECURITY_PATTERN_VALUE_FLOOD } from '@driftline/semantic-conventions';
import { defineSecurityPattern } from './security-pattern.ts';

const MINUTE_MS = 60_000;
/** Whatever is usual: fewer rows in a minute are no flood. */
const FEWEST_ROWS = 600;
const TIMES_THE_USUAL = 10;
/** So many minutes with calls tell what a caller's own usual minute is. */
const MINUTES_TO_KNOW = 10;

interface Minutes {
  index: number;
  rows: number;
  /** Complete minutes in which it called. */
  known: number;
  /** Rows of such a minute, recent ones weighing more. */
  mean: number;
}

/** Each row over ten times of what is usual for the caller, or for callers where it is new. */
export const flood = defineSecurityPattern<Minutes>({
  name: ML_SECURITY_PATTERN_VALUE_FLOOD,
  answers: 'Does one caller ask for far more predictions than it, or anybody, usually does?',
  begin: () => ({ index: Number.NEGATIVE_INFINITY, rows: 0, known: 0, mean: 0 }),
  observe(minutes, { rows, timeMs }, usual) {
    if (rows.length === 0) return 0;
    const index = Math.floor(timeMs / MINUTE_MS);
    if (index > minutes.index) endMinute(minutes, index, usual.mean);
    if (minutes.known === MINUTES_TO_KNOW && minutes.rows === 0) usual.contribute(minutes.mean);
    const before = minutes.rows;
    minutes.rows += rows.length;
    const limit = limitOf(minutes, usual.mean);
    return Math.max(0, minutes.rows - Math.max(before, limit));
  },
  examples: [
    {
      says: 'callers at a steady pace',
      isFound: false,
      calls: () => traffic({ callers: 8, minutes: 30, rowsAt: () => 100 }),
    },
    {
      says: 'everybody is five times busier at noon',
      isFound: false,
      calls: () => traffic({ callers: 8, minutes: 40, rowsAt: (_caller, minute) => (minute < 30 ? 200 : 1000) }),
    },
    {
      says: 'one caller sends fifty times its usual rows',
      isFound: true,
      calls: () =>
        traffic({ callers: 8, minutes: 30, rowsAt: (caller, minute) => (caller === 3 && minute === 25 ? 5000 : 100) }),
    },
    {
      says: 'a caller nobody has seen before begins with a flood',
      isFound: true,
      calls: () =>
        traffic({ callers: 9, minutes: 30, rowsAt: (caller, minute) => (caller < 8 ? 100 : minute < 25 ? 0 : 5000) }),
    },
  ],
});

function limitOf({ known, mean }: Minutes, usualMean: number | undefined): number {
  const expected = known >= MINUTES_TO_KNOW ? mean : usualMean;
  return expected === undefined ? Number.POSITIVE_INFINITY : Math.max(FEWEST_ROWS, TIMES_THE_USUAL * expected);
}

function endMinute(minutes: Minutes, index: number, usualMean: number | undefined): void {
  if (minutes.rows > 0) {
    // A flood must not become the usual.
    const rows = Math.min(minutes.rows, limitOf(minutes, usualMean));
    minutes.known++;
    minutes.mean += (rows - minutes.mean) / Math.min(minutes.known, 3 * MINUTES_TO_KNOW);
  }
  minutes.index = index;
  minutes.rows = 0;
}

interface Traffic {
  readonly callers: number;
  readonly minutes: number;
  readonly rowsAt: (caller: number, minute: number) => number;
}

function* traffic({ callers, minutes, rowsAt }: Traffic) {
  for (let minute = 0; minute < minutes; minute++) {
    for (let caller = 0; caller < callers; caller++) {
      const rows = Array.from({ length: rowsAt(caller, minute) }, () => ({}));
      if (rows.length > 0) yield { caller: `caller ${caller}`, timeMs: minute * MINUTE_MS, rows };
    }
  }
}
