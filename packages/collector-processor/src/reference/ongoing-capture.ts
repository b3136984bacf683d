import type { WindowMeasurement } from '../evaluate/measurement.ts';
import type { ReportedMoments } from '../evaluate/multivariate/reported-moments.ts';
import type { Observations } from '../evaluate/observations.ts';
import type { ObservedSegment } from '../evaluate/segment-observations.ts';
import { segmentKey } from '../evaluate/segment.ts';
import { capturedId, frozen, largestSegments, withMoments, withSegments } from './captured.ts';
import {
  type CapturedVersion,
  type OngoingCapture,
  ongoingKey,
  type ReferenceBook,
  versionKey,
  withVersion,
} from './reference-book.ts';
import type { ReferenceEntries } from './reference-entries.ts';
import { type CapturedSegment, mergeSubjects, subjectsOf } from './reference-subject.ts';

export interface CaptureStep {
  readonly book: ReferenceBook;
  /** The window that has just been judged. */
  readonly measurement: WindowMeasurement;
  readonly observations: readonly Observations[];
  /** Read only while something is captured. */
  readonly segments: () => readonly ObservedSegment[];
  readonly moments: readonly ReportedMoments[];
  /** Takes so many rows anew, so long after the last version. */
  readonly schedule: { readonly everyMs: number; readonly rows: number } | undefined;
  readonly entries: ReferenceEntries;
  readonly mostCategories: number;
}

/** Too few rows for any verdict. */
export const LEAST_CAPTURED_ROWS = 500;

/** Adds a window to the capture under way, and makes a version of it when that has what was asked for. */
export async function continueCapture(step: CaptureStep): Promise<{
  readonly references: ReferenceBook;
  readonly notices: readonly string[];
}> {
  const { measurement, entries } = step;
  const book = scheduled(step);
  const { ongoing } = book;
  if (ongoing === undefined) return { references: book, notices: [] };
  const taken = await withWindow(step, ongoing);
  const { windowEnd, model } = measurement;
  if (!isComplete(taken, windowEnd)) return { references: { ...book, ongoing: taken }, notices: [] };

  const { ongoing: _, ...without } = book;
  const [slot] = (await entries.get(ongoingKey))?.slots ?? [];
  entries.drop([ongoingKey]);
  if (slot === undefined || taken.rows < LEAST_CAPTURED_ROWS) {
    const notice =
      `model ${model.name}: the capture that ended at ${new Date(windowEnd).toISOString()} has ${taken.rows} rows, ` +
      `fewer than ${LEAST_CAPTURED_ROWS}, and makes no reference. Ask for a longer time, or for a number of rows.`;
    return { references: without, notices: [notice] };
  }
  const version: CapturedVersion = {
    id: capturedId({ capturedAt: slot.end }),
    origin: taken.origin,
    rows: taken.rows,
    from: slot.start,
    until: slot.end,
    driftedWindows: taken.driftedWindows,
  };
  const { segments, ...whole } = slot;
  entries.put(versionKey(version.id), { slots: [{ ...whole, ...withSegments(largestSegments(segments ?? [])) }] });
  const { book: references, dropped } = withVersion(without, version);
  entries.drop(dropped.map(versionKey));
  return { references, notices: [] };
}

function scheduled({ book, schedule, measurement }: CaptureStep): ReferenceBook {
  const newest = book.versions.at(-1);
  if (schedule === undefined || newest === undefined || book.ongoing !== undefined) return book;
  if (measurement.windowStart < newest.until + schedule.everyMs) return book;
  const ongoing: OngoingCapture = {
    origin: 'schedule',
    wanted: { rows: schedule.rows },
    since: measurement.windowStart,
    rows: 0,
    driftedWindows: 0,
    leftOutWindows: 0,
  };
  return { ...book, ongoing };
}

async function withWindow(
  { measurement, observations, segments, moments, entries, mostCategories }: CaptureStep,
  ongoing: OngoingCapture,
) {
  const { windowStart, windowEnd, rows, state } = measurement;
  const { wanted } = ongoing;
  const isInside =
    'rows' in wanted ? windowStart >= ongoing.since : windowStart >= wanted.from && windowEnd <= wanted.until;
  if (rows === 0 || !isInside) return ongoing;
  const isDrift = state === 'drift';
  // Nobody looked at these rows: drift must not become what is normal because a date came.
  if (isDrift && ongoing.origin === 'schedule') return { ...ongoing, leftOutWindows: ongoing.leftOutWindows + 1 };
  const [slot] = (await entries.get(ongoingKey))?.slots ?? [];
  const subjects = mergeSubjects([slot?.subjects ?? [], subjectsOf(observations)], mostCategories);
  const from = ongoing.from ?? windowStart;
  const together = mergeSegments([...(slot?.segments ?? []), ...frozen(segments())], mostCategories);
  const taken = {
    start: from,
    end: windowEnd,
    subjects,
    drifted: {},
    ...withSegments(together),
    ...withMoments([...(slot?.moments ?? []), ...moments]),
  };
  entries.put(ongoingKey, { slots: [taken] });
  return {
    ...ongoing,
    from,
    rows: ongoing.rows + rows,
    driftedWindows: ongoing.driftedWindows + (isDrift ? 1 : 0),
  };
}

/** Values come from senders: of each attribute those with the most rows so far. */
function mergeSegments(segments: readonly CapturedSegment[], mostCategories: number): readonly CapturedSegment[] {
  const merged = [...Map.groupBy(segments, segmentKey).values()].map((parts): CapturedSegment => {
    const [first] = parts;
    const rows = parts.reduce((sum, part) => sum + part.rows, 0);
    return {
      name: first?.name ?? '',
      value: first?.value ?? '',
      rows,
      subjects: mergeSubjects(
        parts.map((part) => part.subjects),
        mostCategories,
      ),
    };
  });
  return [...Map.groupBy(merged, ({ name }) => name).values()].flatMap((ofName) =>
    ofName.toSorted((one, other) => other.rows - one.rows).slice(0, MOST_HELD_SEGMENTS),
  );
}

const MOST_HELD_SEGMENTS = 100;

function isComplete({ wanted, rows }: OngoingCapture, windowEnd: number): boolean {
  return 'rows' in wanted ? rows >= wanted.rows : windowEnd >= wanted.until;
}
