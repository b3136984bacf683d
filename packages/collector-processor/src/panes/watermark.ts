import type { Pane } from '../store/commit.ts';
import type { ModelProgress, PaneProgress, WriterProgress } from '../store/store.ts';

export interface SealRules {
  /** How much older than the newest data a row may be and still count. */
  readonly latenessMs: number;
  /** How long stragglers may keep a due pane open. */
  readonly holdMs: number;
  /** When this process began to listen: senders that waited for it need a moment. */
  readonly serviceStart: number;
}

/** Everybody passed it; stragglers held it long enough; nobody sends any more. */
export type SealReason = 'passed' | 'hold' | 'idle';

/**
 * Beyond it whoever opens another is told to wait. Sealing early instead would make late all that a straggler of the same
 * backlog still has to send.
 */
export const mostOpenPanes = 64;

/** The cheap test: somebody's data are past the pane and its lateness. */
export function isDue(pane: Pane, { maxEnd }: Pick<ModelProgress, 'maxEnd'>, { latenessMs }: SealRules): boolean {
  return maxEnd >= pane.end + latenessMs;
}

export function openPanes({ panes }: Pick<ModelProgress, 'panes'>): readonly PaneProgress[] {
  return panes.filter(({ isSealed }) => !isSealed);
}

/** Whether `writers` can make a difference now, so that they need to be read. */
export function mayBeSealed(progress: ModelProgress, rules: SealRules, now: number): boolean {
  const [oldest] = openPanes(progress);
  return oldest !== undefined && (isDue(oldest, progress, rules) || now - progress.lastSeen > quietMs(0));
}

/**
 * The panes to seal now, oldest first, and why. Decided by event time: what is replayed from years ago is sealed as it
 * was. The wall clock only says who is still there and how long somebody was waited for.
 */
export function sealable(
  progress: ModelProgress,
  writers: readonly WriterProgress[],
  rules: SealRules,
  now: number,
): readonly { readonly pane: PaneProgress; readonly reason: SealReason }[] {
  if (now - rules.serviceStart < Math.min(rules.latenessMs, longestSettlingMs)) return [];
  const sealed: { pane: PaneProgress; reason: SealReason }[] = [];
  let sealedEnd = progress.sealedEnd;
  for (const pane of openPanes(progress)) {
    const reason = reasonToSeal(pane, { ...progress, sealedEnd }, writers, rules, now);
    if (reason === undefined) break;
    sealed.push({ pane, reason });
    sealedEnd = pane.end;
  }
  return sealed;
}

const longestSettlingMs = 60_000;

function reasonToSeal(
  pane: PaneProgress,
  progress: ModelProgress,
  writers: readonly WriterProgress[],
  rules: SealRules,
  now: number,
): SealReason | undefined {
  const end = pane.end + rules.latenessMs;
  if (isDue(pane, progress, rules)) {
    const waitedFor = writers.filter((writer) => isPresent(writer, now) && writer.lastEnd > progress.sealedEnd);
    if (waitedFor.every(({ lastEnd }) => lastEnd >= end)) return 'passed';
    return pane.dueSince !== undefined && now - pane.dueSince >= rules.holdMs ? 'hold' : undefined;
  }
  // A sender with gaps is not gone while the time of the pane itself still runs.
  return now >= end && !writers.some((writer) => isPresent(writer, now)) ? 'idle' : undefined;
}

function isPresent({ lastSeen, intervalMs }: WriterProgress, now: number): boolean {
  return now - lastSeen <= quietMs(intervalMs);
}

/** A sender that was silent for three of its intervals is gone until it is back. */
export function quietMs(intervalMs: number): number {
  return Math.max(3 * intervalMs, 60_000);
}
