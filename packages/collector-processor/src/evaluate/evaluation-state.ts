import type { Alert } from '../alert/alert.ts';
import type { CumulativeBases } from '../panes/increases.ts';
import type { PublicationState } from '../publish/publication-state.ts';
import type { Capture } from '../reference/captured.ts';
import type { ReferenceBook } from '../reference/reference-book.ts';
import type { DriftMemory } from './drift/decision/hysteresis.ts';

/** What one model's evaluation remembers between windows. Plain JSON: stored with every window by compare-and-swap. */
export interface EvaluationState {
  /** End of the last evaluated pane, in milliseconds; sealed panes from there on are still to be judged. */
  readonly evaluatedEnd: number;
  /** What cumulative streams had counted before the oldest pane that is kept. */
  readonly bases: CumulativeBases;
  /** By `role name`. */
  readonly features: Readonly<Record<string, DriftMemory>>;
  readonly capture: Capture;
  /** Absent in what older versions stored. */
  readonly references?: ReferenceBook;
  readonly alerts: readonly Alert[];
  /** When the last window was judged, by the clock of the service. */
  readonly judgedAt: number;
  /** Absent before the first window. */
  readonly publication?: PublicationState;
}

export const initialEvaluationState: EvaluationState = {
  evaluatedEnd: 0,
  bases: {},
  features: {},
  capture: { state: 'capturing', rows: 0 },
  alerts: [],
  judgedAt: 0,
};

/** Raised by a change that an older service could not read. */
const FORMAT = 1;

export function encodeEvaluationState(state: EvaluationState): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(state));
  const bytes = new Uint8Array(json.length + 1);
  bytes[0] = FORMAT;
  bytes.set(json, 1);
  return bytes;
}

/** @throws Error for a state that a newer service wrote: it is left alone, never reset. */
export function decodeEvaluationState(bytes: Uint8Array | undefined): EvaluationState {
  if (bytes === undefined || bytes.length === 0) return initialEvaluationState;
  if (bytes[0] !== FORMAT) {
    throw new Error(
      `evaluation state: format ${bytes[0]} is not ${FORMAT}; run the version of driftline that wrote it, or a newer one`,
    );
  }
  const state: EvaluationState = JSON.parse(new TextDecoder().decode(bytes.subarray(1)));
  return state;
}
