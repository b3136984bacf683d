import { ExponentialHistogram } from '@driftline/sketches';
import type { Pane } from '../store/commit.ts';
import { exponentialState, mergeStates } from './merge-states.ts';
import type { Countable, Cumulative, HeldSeries, PaneContent } from './series-state.ts';
import { decodeHeld, encodeHeld } from './state-codec.ts';

/** The last word of every cumulative stream before a pane, by stream, as base64: plain JSON for the evaluation's state. */
export type CumulativeBases = Readonly<Record<string, string>>;

/**
 * The panes, oldest first, with every cumulative stream replaced by what it counted up inside each, merged over its
 * writers into one delta series. `bases` are those before the first pane.
 */
export function increases(
  panes: readonly (Pane & { readonly content: PaneContent })[],
  bases: CumulativeBases,
): readonly PaneContent[] {
  const last = new Map(Object.entries(bases).map(([key, base]) => [key, cumulativeIn(base)]));
  return panes.map(({ content, ...pane }) => {
    const result = new Map<string, HeldSeries>();
    for (const [key, held] of content) {
      if (held.state.kind !== 'cumulative') {
        add(result, key, held);
        continue;
      }
      const increase = increaseOf(held.state, last.get(key), pane);
      last.set(key, held.state);
      const { series } = held;
      if (increase !== undefined) {
        add(result, series.key, { series: { ...series, temporality: 'delta' }, state: increase });
      }
    }
    return result;
  });
}

/** The bases after a pane that no later evaluation reads. */
export function basesAfter(bases: CumulativeBases, content: PaneContent): CumulativeBases {
  const cumulative = [...content].filter(([, { state }]) => state.kind === 'cumulative');
  return { ...bases, ...Object.fromEntries(cumulative.map(([key, held]) => [key, base64(encodeHeld(held))])) };
}

/** Without the streams that said nothing since: processes come and go, and each leaves its streams behind. */
export function withoutSilent(bases: CumulativeBases, sinceMs: number): CumulativeBases {
  const since = BigInt(Math.trunc(sinceMs)) * 1_000_000n;
  return Object.fromEntries(Object.entries(bases).filter(([, base]) => (cumulativeIn(base)?.endNs ?? 0n) >= since));
}

/**
 * What a stream counted between two of its points; undefined for nothing. With another start it began anew, and all of
 * it is new. A stream that is first seen though it began long before is known only from here on.
 */
export function increaseOf(now: Cumulative, before: Cumulative | undefined, pane: Pane): Countable | undefined {
  if (before?.startNs === now.startNs)
    return before.endNs < now.endNs ? difference(now.value, before.value) : undefined;
  const paneLength = pane.end - pane.start;
  const isFirstSight = before === undefined && now.startNs < BigInt(pane.start - paneLength) * 1_000_000n;
  return isFirstSight ? undefined : now.value;
}

/** A count that went down, or a shape that changed, without a new start is a reset all the same. */
function difference(now: Countable, before: Countable): Countable {
  if (now.kind === 'sum' && before.kind === 'sum') {
    return now.value < before.value ? now : { kind: 'sum', value: now.value - before.value };
  }
  if (now.kind === 'histogram' && before.kind === 'histogram') {
    if (now.counts.length !== before.counts.length) return now;
    const counts = now.counts.map((count, i) => count - before.counts[i]!);
    return counts.some((count) => count < 0) ? now : { ...now, counts, sum: now.sum - before.sum };
  }
  return now.kind === 'exponential' && before.kind === 'exponential' ? exponentialDifference(now, before) : now;
}

type Exponential = Extract<Countable, { kind: 'exponential' }>;

function exponentialDifference(now: Exponential, before: Exponential): Exponential {
  const earlier = ExponentialHistogram.from(before);
  const later = ExponentialHistogram.from(now);
  const scale = Math.min(earlier.scale, later.scale);
  earlier.downscaleTo(scale);
  later.downscaleTo(scale);
  const [sink, source] = [exponentialState(later), exponentialState(earlier)];
  const positive = subtract(sink.positive, source.positive);
  const negative = subtract(sink.negative, source.negative);
  const zeroCount = sink.zeroCount - source.zeroCount;
  if (positive === undefined || negative === undefined || zeroCount < 0) return now;
  return { kind: 'exponential', scale, zeroCount, positive, negative, sum: now.sum - before.sum };
}

function subtract(sink: Exponential['positive'], source: Exponential['positive']): Exponential['positive'] | undefined {
  const counts = sink.counts.slice();
  for (const [i, count] of source.counts.entries()) {
    if (count === 0) continue;
    const at = source.offset + i - sink.offset;
    if (!((counts[at] ?? 0) >= count)) return undefined;
    counts[at]! -= count;
  }
  return { offset: sink.offset, counts };
}

function add(content: Map<string, HeldSeries>, key: string, { series, state }: HeldSeries): void {
  const held = content.get(key);
  content.set(key, { series, state: held === undefined ? state : mergeStates(held.state, state) });
}

function cumulativeIn(base: string): Cumulative | undefined {
  const { state } = decodeHeld(Buffer.from(base, 'base64'));
  return state.kind === 'cumulative' ? state : undefined;
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
