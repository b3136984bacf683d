import { faults } from '../faults.ts';
import type { LogRecord } from '../otlp/messages.ts';
import { isDisabledByEnvironment } from '../settings.ts';
import { DroppedRows } from './dropped-rows.ts';
import { type ClosedPeriod, SketchBook } from './sketch-book.ts';

/** Where rows and events go. */
export interface Recording {
  readonly book: SketchBook;
  addEvent(event: LogRecord): void;
}

/** Events that wait for `startDriftline`. */
const MAX_WAITING_EVENTS = 10_000;
const MINUTE_MS = 60_000;

/** Before `startDriftline`: a bounded amount waits for it. */
export class WaitingRecording implements Recording {
  readonly book: SketchBook = new SketchBook({
    periodMs: MINUTE_MS,
    minimumRows: 1,
    now: () => Date.now(),
    close: (closed) => this.#close(closed),
    dropped: () => {},
  });
  readonly #dropped = new DroppedRows();
  #events: LogRecord[] = [];
  #close: (closed: ClosedPeriod) => void = ({ models }) =>
    this.#giveUp(models.reduce((rows, sketches) => rows + sketches.rows, 0));

  addEvent(event: LogRecord): void {
    if (this.#events.length < MAX_WAITING_EVENTS) this.#events.push(event);
    else this.#giveUp(1);
  }

  /** What waited leaves with the lane that has come. */
  handOver(lane: Recording & { takeOver(closed: ClosedPeriod): void }): void {
    this.#close = (closed) => lane.takeOver(closed);
    this.book.closeAll('more-follows');
    for (const event of this.#events) lane.addEvent(event);
    this.#events = [];
  }

  #giveUp(rows: number): void {
    this.#dropped.add('not_started', rows);
    faults.sayOnce('not-started', 'startDriftline() was not called, so sketches go nowhere. Call it once, at start.');
  }
}

/** The one place that rows go to now; undefined while monitoring is switched off. */
export const recording: { current: Recording | undefined } = {
  current: isDisabledByEnvironment() ? undefined : new WaitingRecording(),
};
