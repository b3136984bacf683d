import type { EvaluationState } from '../evaluate/evaluation-state.ts';
import { capturedId } from './captured.ts';
import { LEAST_CAPTURED_ROWS } from './ongoing-capture.ts';
import {
  type CaptureOrigin,
  type CaptureWish,
  emptyBook,
  type OngoingCapture,
  ongoingKey,
  type ReferenceBook,
  versionKey,
} from './reference-book.ts';
import type { ReferenceEntries } from './reference-entries.ts';
import { availableIds, type ConfiguredModel, idsInUse } from './reference-choice.ts';
import type { ReferenceKind } from './named-references.ts';
import { keysOf, rollingKey } from './rolling-plan.ts';

/** One reference of a model as lists show it. Times are milliseconds since the epoch. */
export interface ReferenceSummary {
  readonly id: string;
  readonly kind: ReferenceKind;
  /** Of a captured one: the first rows of a model, a person's request, or the schedule. */
  readonly origin?: CaptureOrigin;
  /** Absent where nobody knows; of one that moves along with time, when it began. */
  readonly createdAt?: number;
  readonly rows?: number;
  readonly from?: number;
  readonly until?: number;
  /** Windows in it that were judged `drift` when they came. */
  readonly driftedWindows?: number;
  /** The next window is judged against it. */
  readonly isInUse: boolean;
  readonly isPinned: boolean;
}

export interface CaptureSummary extends Omit<OngoingCapture, 'origin' | 'since'> {
  readonly origin: CaptureOrigin;
}

export interface ReferencesView {
  readonly references: readonly ReferenceSummary[];
  /** Under way. */
  readonly capture?: CaptureSummary;
}

/** Asked for by a person; the state that it leads to, or why it cannot be done. */
export type ReferenceChange = (
  state: EvaluationState,
  configured: ConfiguredModel,
  entries: ReferenceEntries,
) => EvaluationState | ChangeRefused;

export interface ChangeRefused {
  readonly refused: 'invalid' | 'unknown' | 'conflict';
  readonly message: string;
}

export function viewOf(state: EvaluationState, configured: ConfiguredModel): ReferencesView {
  const book = state.references ?? emptyBook;
  const { profiles, plans, rowsToCapture } = configured;
  const inUse = idsInUse(book, configured);
  const marks = (id: string) => ({ isInUse: inUse.includes(id), isPinned: book.pinned === id });
  const capture: CaptureSummary | undefined =
    book.ongoing ??
    (state.capture.state === 'capturing' && rowsToCapture !== undefined
      ? {
          origin: 'first_rows',
          wanted: { rows: rowsToCapture },
          rows: state.capture.rows,
          driftedWindows: 0,
          leftOutWindows: 0,
        }
      : undefined);
  return {
    references: [
      ...profiles.map(({ id, rows, createdAt = '' }): ReferenceSummary => {
        const at = Date.parse(createdAt);
        return { id, kind: 'profile', rows, ...(!Number.isNaN(at) && { createdAt: at }), ...marks(id) };
      }),
      ...plans.map((plan): ReferenceSummary => {
        const since = book.rolling[rollingKey(plan)]?.since;
        return { id: plan.id, kind: plan.kind, ...(since !== undefined && { createdAt: since }), ...marks(plan.id) };
      }),
      ...book.versions.map(({ id, origin, rows, from, until, driftedWindows }): ReferenceSummary => {
        return { id, kind: 'captured', origin, createdAt: until, rows, from, until, driftedWindows, ...marks(id) };
      }),
    ],
    ...(capture && { capture }),
  };
}

/** From the next window that is judged, beside the reference in use. */
export function captureOnRequest(wanted: CaptureWish): ReferenceChange {
  return (state, { rowsToCapture }) => {
    const book = state.references ?? emptyBook;
    if (book.ongoing !== undefined) {
      return conflict(`a capture is under way (${book.ongoing.rows} rows so far); wait for it, or cancel it first`);
    }
    if (state.capture.state === 'capturing' && rowsToCapture !== undefined) {
      return conflict(
        `the first reference is still being captured (${state.capture.rows} of ${rowsToCapture} rows); wait for it`,
      );
    }
    const problem = problemWith(wanted, state.evaluatedEnd);
    if (problem !== undefined) return { refused: 'invalid', message: problem };
    const since = state.evaluatedEnd;
    const ongoing = { origin: 'request', wanted, since, rows: 0, driftedWindows: 0, leftOutWindows: 0 } as const;
    return withBook(state, { ...book, ongoing });
  };
}

function problemWith(wanted: CaptureWish, evaluatedEnd: number): string | undefined {
  if ('rows' in wanted) {
    return wanted.rows < LEAST_CAPTURED_ROWS || wanted.rows > MOST_ROWS
      ? `rows must be a whole number from ${LEAST_CAPTURED_ROWS} to ${MOST_ROWS}`
      : undefined;
  }
  if (wanted.until <= wanted.from) return 'until must be after from';
  if (wanted.until - wanted.from > LONGEST_CAPTURE_MS) return 'until must not be more than 31 days after from';
  return wanted.from < evaluatedEnd
    ? `from must not be before ${new Date(evaluatedEnd).toISOString()}: the rows before it were judged, and are gone`
    : undefined;
}

export const cancelCapture: ReferenceChange = (state, _, entries) => {
  const book = state.references ?? emptyBook;
  if (book.ongoing === undefined) return { refused: 'unknown', message: 'no capture that was asked for is under way' };
  const { ongoing: __, ...rest } = book;
  entries.drop([ongoingKey]);
  return withBook(state, rest);
};

/** Keeps to this one, also when a newer one comes. */
export function pinReference(id: string): ReferenceChange {
  return (state, configured) => {
    const book = state.references ?? emptyBook;
    const available = availableIds(book, configured);
    if (!available.has(id)) return unknown(id, available);
    return withBook(state, { ...book, pinned: id });
  };
}

/** The newest is in use again. */
export function unpinReference(id: string): ReferenceChange {
  return (state) => {
    const book = state.references ?? emptyBook;
    if (book.pinned !== id) return { refused: 'unknown', message: `${id} is not pinned` };
    const { pinned: _, ...rest } = book;
    return withBook(state, rest);
  };
}

/** Pins the one that was in use before; once more goes back one further. */
export const rollBack: ReferenceChange = (state, configured) => {
  const book = state.references ?? emptyBook;
  const available = availableIds(book, configured);
  const earlier = book.history.slice(0, -1).filter((id) => available.has(id));
  const target = earlier.at(-1);
  if (target === undefined) return conflict('no other reference was in use before this one');
  return { ...withBook(state, { ...book, pinned: target, history: earlier }), features: {} };
};

/** A captured version is gone for good; one that moves along with time begins anew. */
export function deleteReference(id: string): ReferenceChange {
  return (state, configured, entries) => {
    const book = state.references ?? emptyBook;
    const available = availableIds(book, configured);
    if (!available.has(id)) return unknown(id, available);
    if (configured.profiles.some((profile) => profile.id === id)) {
      return conflict(`${id} is a profile that the settings name; take it out there`);
    }
    const plan = configured.plans.find((one) => one.id === id);
    if (plan !== undefined) {
      entries.drop(keysOf(plan));
      const { [rollingKey(plan)]: _, ...rolling } = book.rolling;
      return withBook(state, { ...book, rolling });
    }
    if (idsInUse(book, configured).includes(id)) return conflict(`${id} is in use; pin another one first`);
    entries.drop([versionKey(id)]);
    const versions = book.versions.filter((version) => version.id !== id);
    const next = withBook(state, { ...book, versions, history: book.history.filter((other) => other !== id) });
    const isHeld = state.capture.state === 'captured' && capturedId(state.capture.reference) === id;
    return isHeld ? { ...next, capture: { state: 'capturing', rows: 0 } } : next;
  };
}

function withBook(state: EvaluationState, references: ReferenceBook): EvaluationState {
  return { ...state, references };
}

function conflict(message: string): ChangeRefused {
  return { refused: 'conflict', message };
}

function unknown(id: string, available: ReadonlySet<string>): ChangeRefused {
  return { refused: 'unknown', message: `no reference ${id}; there are ${[...available].join(', ') || 'none'}` };
}

const MOST_ROWS = 1_000_000_000;
const LONGEST_CAPTURE_MS = 31 * 24 * 3_600_000;
