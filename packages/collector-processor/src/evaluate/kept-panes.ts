import { HOUR_MS } from '../durations.ts';
import { basesAfter, withoutSilent } from '../panes/increases.ts';
import type { PaneContent } from '../panes/series-state.ts';
import type { Capture } from '../reference/captured.ts';
import type { Pane } from '../store/commit.ts';
import type { EvaluationState } from './evaluation-state.ts';

/** A sealed pane that a later window may still read. */
export type PaneWithContent = Pane & { readonly content: PaneContent };

/** What was captured as the reference is not judged against itself, an hour later either. */
export function isInHour(kept: Pane | undefined, pane: Pane, capture: Capture): boolean {
  const capturedUpTo = capture.state === 'captured' ? capture.reference.capturedAt : 0;
  return kept !== undefined && kept.start >= Math.max(pane.end - HOUR_MS, capturedUpTo);
}

/** Cumulative streams go on in the next pane from what they had counted here. */
export function isCountedFrom({ content }: PaneWithContent): boolean {
  return [...content.values()].some(({ state }) => state.kind === 'cumulative');
}

/** Drops what no later window reads, and keeps from it what cumulative streams have counted up to. */
export function withoutOldPanes(
  state: EvaluationState,
  kept: readonly PaneWithContent[],
  latest: Pane | undefined,
): { readonly state: EvaluationState; readonly dropPanes: readonly number[] } {
  const nextWindowEnd = latest === undefined ? 0 : latest.end + (latest.end - latest.start);
  const old = kept.filter((pane) => pane.start < nextWindowEnd - HOUR_MS);
  const followed = old.reduce((known, { content }) => basesAfter(known, content), state.bases);
  const bases = withoutSilent(followed, nextWindowEnd - LONGEST_SILENCE_MS);
  return { state: { ...state, bases }, dropPanes: old.map((pane) => pane.start) };
}

/** A cumulative stream that was silent for longer counts from its next word on. */
const LONGEST_SILENCE_MS = 24 * HOUR_MS;
