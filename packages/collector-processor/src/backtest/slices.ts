import type { RowChunk } from '../files/data-file.ts';
import { readOnce } from '../files/read-once.ts';
import type { Slice } from './sender.ts';

/** Consecutive rows of one window, without a silence among them that anybody would notice. */
export interface WindowSlice extends Slice {
  readonly windowStart: number;
  readonly first: number;
  readonly last: number;
  /** The first after a silence, and no longer than a period: that somebody is back is news at once. */
  readonly endsSilence: boolean;
}

export interface Cuts {
  readonly column: string;
  readonly unitMs: number;
  readonly windowMs: number;
  readonly periodMs: number;
  /** Nobody is heard of less often than that who has rows. */
  readonly silenceMs: number;
}

/**
 * Cuts chunks, whose rows are in the order of time, where a window ends, a silence begins, or it was long since
 * the last cut. */
export async function* sliced(
  chunks: AsyncIterable<RowChunk>,
  { column, unitMs, windowMs, periodMs, silenceMs }: Cuts,
): AsyncGenerator<WindowSlice> {
  let previous = -Infinity;
  for await (const whole of chunks) {
    // Windows may be shorter than chunks, and columns are read whole.
    const chunk = readOnce(whole);
    const times = Float64Array.from(chunk.cells(column, 'time'), (cell) => (cell ?? Number.NaN) * unitMs);
    for (let from = 0; from < times.length; ) {
      const first = times[from] ?? 0;
      const windowStart = Math.floor(first / windowMs) * windowMs;
      const endsSilence = first - previous >= silenceMs;
      const end = Math.min(windowStart + windowMs, periodEnd(first, endsSilence ? periodMs : silenceMs));
      let to = from + 1;
      for (previous = first; to < times.length; to++) {
        const time = times[to] ?? 0;
        if (time >= end || time - previous >= silenceMs) break;
        previous = time;
      }
      yield { chunk, from, to, times, windowStart, first, last: previous, endsSilence };
      from = to;
    }
  }
}

/** What happens in a period is told at its end. */
export function periodEnd(time: number, periodMs: number): number {
  return (Math.floor(time / periodMs) + 1) * periodMs;
}

/** Both in turns, the one with the earlier rows first. */
export async function* byTime<Kind extends string>(
  sources: Readonly<Record<Kind, AsyncGenerator<WindowSlice>>>,
): AsyncGenerator<readonly [Kind, WindowSlice]> {
  const heads = new Map<Kind, { readonly rest: AsyncGenerator<WindowSlice>; slice: WindowSlice }>();
  for (const kind in sources) {
    const rest = sources[kind];
    const { done, value } = await rest.next();
    if (done !== true) heads.set(kind, { rest, slice: value });
  }
  for (;;) {
    const [next] = [...heads].toSorted(([, one], [, other]) => one.slice.first - other.slice.first);
    if (next === undefined) return;
    const [kind, head] = next;
    yield [kind, head.slice];
    const { done, value } = await head.rest.next();
    if (done === true) heads.delete(kind);
    else head.slice = value;
  }
}
