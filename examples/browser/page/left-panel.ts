import type { Departure } from './departures.ts';
import { bar, byId, element } from './elements.ts';
import { type LeftDistribution, LeftSoFar } from './left-so-far.ts';
import { MINIMUM_ROWS } from './watched-reader.ts';

/** A hundred buckets are many for a small picture. */
const BARS = 28;

export interface LeftPanel {
  /** One more prediction that has not left yet. */
  recorded(): void;
  add(departure: Departure): void;
}

export function leftPanel(): LeftPanel {
  const left = new LeftSoFar();
  let recorded = 0;
  const room = byId('distributions', HTMLDivElement);
  const figures = {
    predictions: byId('left-predictions', HTMLElement),
    requests: byId('left-requests', HTMLElement),
    bytes: byId('left-bytes', HTMLElement),
  };
  const lastRequest = byId('last-request', HTMLPreElement);
  const waiting = (): void => {
    const enough = `Counts leave once there are ${MINIMUM_ROWS} drawings to hide each one among.`;
    room.replaceChildren(element('p', 'hint', `Nothing yet. ${enough} So far: ${recorded}.`));
  };
  waiting();

  return {
    recorded: () => {
      recorded++;
      if (left.requests === 0) waiting();
    },
    add: (departure) => {
      left.add(departure);
      figures.predictions.textContent = left.predictions.toLocaleString('en');
      figures.requests.textContent = left.requests.toLocaleString('en');
      figures.bytes.textContent = sizeOf(left.bytes);
      lastRequest.textContent = JSON.stringify(departure.content, undefined, 1);
      room.replaceChildren(
        ...[...left.distributions].map(([feature, distribution]) =>
          element('figure', '', histogram(barsOf(distribution)), element('figcaption', '', feature)),
        ),
        classes(left.classes),
      );
    },
  };
}

function histogram(counts: readonly number[]): HTMLElement {
  const most = Math.max(1, ...counts);
  return element('div', 'histogram', ...counts.map((count) => bar(count / most)));
}

function classes(counts: ReadonlyMap<string, number>): HTMLElement {
  const digits = Array.from({ length: 10 }, (_, digit) => String(digit));
  const names = digits.map((digit) => element('span', '', digit));
  const bars = histogram(digits.map((digit) => counts.get(digit) ?? 0));
  return element('figure', 'categories', bars, element('figcaption', '', ...names));
}

/** Equally wide bars over the range of the inner buckets; each bucket counts where its middle is. */
function barsOf({ bounds, counts }: LeftDistribution): readonly number[] {
  const [first = 0, last = 1] = [bounds[0], bounds.at(-1)];
  const bars = Array.from({ length: BARS }, () => 0);
  counts.forEach((count, i) => {
    const middle = ((bounds[i - 1] ?? first) + (bounds[i] ?? last)) / 2;
    const at = Math.floor(((middle - first) / (last - first)) * BARS);
    bars[Math.min(BARS - 1, Math.max(0, at))]! += count;
  });
  return bars;
}

const sizeOf = (bytes: number): string => (bytes < 1000 ? `${bytes} B` : `${(bytes / 1000).toFixed(1)} KB`);
