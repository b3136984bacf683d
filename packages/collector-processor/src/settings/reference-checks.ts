import { HOUR_MS } from '../durations.ts';
import { formatDuration, parseDuration } from './units.ts';
import { type CrossProblem, field, mapping } from './written.ts';
import type { Path } from './yaml-source.ts';

const ways = ['capture', 'previous', 'seasonal'] as const;
const MOST_REFERENCES = 4;
const cycles = { daily: 24 * HOUR_MS, weekly: 7 * 24 * HOUR_MS } as const;

/** Whether references fit the windows that are compared with them. */
export function referenceProblems(written: unknown): readonly CrossProblem[] {
  const defaults = field(written, 'defaults');
  const byDefault = every(defaults) ?? parseDuration('5m') ?? 0;
  const models = Object.entries(mapping(field(written, 'models')));
  return [
    ...problemsOf(field(defaults, 'reference'), ['defaults', 'reference'], byDefault),
    ...models.flatMap(([name, model]) => {
      const own = field(model, 'reference');
      const windowMs = every(model) ?? byDefault;
      const path: Path = ['models', name];
      if (own !== undefined) return problemsOf(own, [...path, 'reference'], windowMs);
      // The reference is that of the defaults: what does not fit is the window.
      return windowMs === byDefault
        ? []
        : problemsOf(field(defaults, 'reference'), ['defaults', 'reference'], windowMs).map(({ complaint }) => ({
            path: [...path, 'window', 'every'],
            complaint: `: defaults.reference ${complaint.trimStart()}`,
          }));
    }),
  ];
}

function problemsOf(reference: unknown, path: Path, windowMs: number): readonly CrossProblem[] {
  if (Array.isArray(reference)) {
    return [
      ...listProblems(reference, path),
      ...reference.flatMap((one, i) => problemsOf(one, [...path, i], windowMs)),
    ];
  }
  const named = ways.filter((way) => field(reference, way) !== undefined);
  const problems =
    named.length > 1 ? [': name one of capture, previous, seasonal; write a list to compare with several'] : [];
  return [
    ...problems.map((complaint) => ({ path, complaint })),
    ...periodProblems(reference, path),
    ...windowProblems(reference, path, windowMs),
  ];
}

function listProblems(references: readonly unknown[], path: Path): readonly CrossProblem[] {
  const complaints: string[] = [];
  if (references.length === 0) complaints.push('must have at least one reference');
  if (references.length > MOST_REFERENCES) {
    complaints.push(`must have at most ${MOST_REFERENCES} references: each splits the budget of false alarms further`);
  }
  if (references.filter((one) => typeof one === 'string').length > 1) {
    complaints.push(': name one profile; older ones, that senders still use, go under references');
  }
  // What is captured stands in for the first of a list, which would be judged against no longer.
  if (references.some((one, i) => i > 0 && field(one, 'capture') !== undefined)) {
    complaints.push(': capture stands in for what is named first; name it first, or take it out');
  }
  if (new Set(references.map((one) => JSON.stringify(one))).size < references.length) {
    complaints.push(': name each reference once');
  }
  return complaints.map((complaint) => ({ path, complaint }));
}

function periodProblems(reference: unknown, path: Path): readonly CrossProblem[] {
  const [periods, least] = ['periods', 'min_periods'].map((key) => field(reference, key));
  if (periods === undefined && least === undefined) return [];
  if (field(reference, 'seasonal') === undefined) {
    return [{ path, complaint: ': periods and min_periods belong to seasonal; name it, or take them out' }];
  }
  const isTooMany = periods !== undefined && least !== undefined && Number(least) > Number(periods);
  return isTooMany ? [{ path: [...path, 'min_periods'], complaint: 'must not be above periods' }] : [];
}

function windowProblems(reference: unknown, path: Path, windowMs: number): readonly CrossProblem[] {
  const previous = durationOf(field(reference, 'previous'));
  const window = formatDuration(windowMs);
  if (previous !== undefined && previous < windowMs) {
    return [{ path: [...path, 'previous'], complaint: `must be at least a window, which is ${window}` }];
  }
  const cycle = field(reference, 'seasonal');
  const cycleMs = cycle === 'daily' || cycle === 'weekly' ? cycles[cycle] : undefined;
  if (cycleMs === undefined || windowMs <= HOUR_MS || cycleMs % windowMs === 0) return [];
  const whole = cycle === 'daily' ? 'day' : 'week';
  return [
    {
      path: [...path, 'seasonal'],
      complaint: `needs windows of which a ${whole} is a multiple, and a window is ${window}`,
    },
  ];
}

function every(model: unknown): number | undefined {
  return durationOf(field(field(model, 'window'), 'every'));
}

function durationOf(value: unknown): number | undefined {
  return typeof value === 'string' || typeof value === 'number' ? parseDuration(String(value)) : undefined;
}
