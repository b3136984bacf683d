import type { Backtest, History } from '@driftline/collector-processor/backtest';
import { day, inShort, inThousands, printable, table, wrapped } from '../table.ts';
import type { Course } from './sparkline.ts';

/** What was taken for granted about the times, and what is wrong with them. */
export function* assumptionsOf({ survey }: History, column: string): Generator<string> {
  const { assumedUnit, zones, withoutTime, unreadable, future, outOfOrder, late } = survey;
  const name = JSON.stringify(column);
  if (assumedUnit !== undefined)
    yield `${name} holds numbers, taken for ${unitWords[assumedUnit]} since 1970; --time-unit says otherwise.`;
  if (zones.assumed > 0) {
    yield zones.named === 0
      ? `${name} names no time zone: times are taken for UTC.`
      : `${name} names a time zone in ${zones.named} of the first ${zones.named + zones.assumed} rows; the others are taken for UTC.`;
  }
  if (withoutTime > 0) yield `${inThousands(withoutTime)} rows without a time are left out.`;
  if (unreadable.rows > 0) {
    yield `${inThousands(unreadable.rows)} rows whose time cannot be read are left out, the first ${printable(unreadable.first ?? '')}.`;
  }
  if (future > 0)
    yield `${inThousands(future)} rows are of the future and left out: the service refuses them as of a wrong clock.`;
  if (outOfOrder > 0) {
    yield `${inThousands(outOfOrder)} rows come after a later one; they are sorted by ${name}.`;
    if (late > 0) {
      yield `had they arrived in the order of the file, ${inThousands(late)} would have come after their window was closed, and not count.`;
    }
  }
}

const unitWords = { s: 'seconds', ms: 'milliseconds', us: 'microseconds', ns: 'nanoseconds' } as const;

export function headingOf(
  { model, survey: { rows }, span: { from, until }, windowMs }: History,
  formatDuration: (milliseconds: number) => string,
): string {
  const name = [model.name, model.version].filter((word) => word !== '').join(' ');
  return `${printable(name)}: ${inThousands(rows)} rows; ${day(from)} to ${day(until - 1)} in windows of ${formatDuration(windowMs)}`;
}

/** Of those that went beyond half of their limit; the others are named. */
export function* coursesOf(courses: readonly Course[]): Generator<string> {
  if (courses.length === 0) return;
  const [moved, calm] = [
    courses.filter(({ largest }) => largest >= 0.5),
    courses.filter(({ largest }) => largest < 0.5),
  ];
  yield '';
  if (moved.length > 0) {
    yield '  size over time: up to ▄ within the limit, ▅ beyond it, ▆ 2, ▇ 3, █ 5 times';
    const rows = moved.map(({ name, picture, largest, driftedWindows, judgedWindows }) => [
      printable(name),
      picture,
      `up to ${inShort(largest)} × limit`,
      driftedWindows === 0 ? '' : `drift in ${inThousands(driftedWindows)} of ${inThousands(judgedWindows)}`,
    ]);
    yield table(rows);
  }
  if (calm.length > 0) {
    yield wrapped(`never beyond half of the limit: ${calm.map(({ name }) => printable(name)).join(', ')}`);
  }
}

export interface WindowCounts {
  readonly windows: number;
  readonly drifted: number;
  /** Too few rows, or no reference yet. */
  readonly unjudged: number;
}

export function* summaryOf(
  past: Backtest,
  counts: WindowCounts,
  fired: ReadonlyMap<string, number>,
): Generator<string> {
  const { windows, drifted, unjudged } = counts;
  const alerts = [...fired.values()].reduce((sum, times) => sum + times, 0);
  const which = [...fired].map(([rule, times]) => `${printable(rule)} ${times}`).join(', ');
  yield '';
  yield `  ${counted(windows, 'window')}, ${drifted} in drift${unjudged === 0 ? '' : `, ${inThousands(unjudged)} not judged`}: ` +
    `${counted(alerts, 'alert')} would have fired${which === '' ? '' : ` (${which})`}`;
  const expected = past.expectedFalseAlarms;
  yield wrapped(
    `had nothing changed, chance would have called ${inShort(expected)} of ${inThousands(windows - unjudged)} judged windows drift`,
  );
  if (past.incomparableOutcomes > 0) {
    yield `  ${inThousands(past.incomparableOutcomes)} outcomes could not be compared with their prediction; see --prediction`;
  }
}

function counted(count: number, what: string): string {
  return `${inThousands(count)} ${what}${count === 1 ? '' : 's'}`;
}
