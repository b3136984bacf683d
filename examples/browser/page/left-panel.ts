import type { Departure } from './departures.ts';
import { bar, byId, element } from './elements.ts';
import { type LeftDistribution, LeftSoFar } from './left-so-far.ts';

/** A hundred buckets are many for a small picture. */
const BARS = 28;

export function leftPanel(): { add(departure: Departure): void } {
  const left = new LeftSoFar();
  const room = byId('distributions', HTMLDivElement);
  const figures = {
    predictions: byId('left-predictions', HTMLElement),
    requests: byId('left-requests', HTMLElement),
    bytes: byId('left-bytes', HTMLElement),
  };
  const lastRequest = byId('last-request', HTMLPreElement);
  room.replaceChildren(element('p', 'hint', 'Nothing yet. The first counts leave five seconds after a drawing.'));

  return {
    add: (departure) => {
      left.add(departure);
      figures.predictions.textContent = left.predictions.toLocaleString('en');
      figures.requests.textContent = left.requests.toLocaleString('en');
      figures.bytes.textContent = sizeOf(left.bytes);
      lastRequest.textContent = JSON.stringify(departure.content, undefined, 1);
      room.replaceChildren(
        ...[...left.distributions].map(([feature, distribution]) => picture(feature, barsOf(distribution))),
        picture(
          'class',
          [...Array(10).keys()].map((digit) => left.classes.get(String(digit)) ?? 0),
        ),
      );
    },
  };
}

function picture(name: string, counts: readonly number[]): HTMLElement {
  const most = Math.max(1, ...counts);
  const bars = element(
    'div',
    name === 'class' ? 'histogram categories' : 'histogram',
    ...counts.map((n) => bar(n / most)),
  );
  return element('figure', '', bars, element('figcaption', '', name));
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
