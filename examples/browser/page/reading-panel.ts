import { digitFeatures } from './digit-features.ts';
import { FULL, type Reading, SIDE } from './digit-reader.ts';
import { bar, byId, element } from './elements.ts';

export interface ReadingPanel {
  show(cells: Float32Array, reading: Reading): void;
  clear(): void;
}

const DIGITS = Array.from({ length: 10 }, (_, digit) => digit);

export function readingPanel(): ReadingPanel {
  const digit = byId('digit', HTMLOutputElement);
  const probabilities = byId('probabilities', HTMLOListElement);
  const features = byId('features', HTMLDListElement);
  const cellsCanvas = byId('cells', HTMLCanvasElement);

  const draw = (shares: readonly number[], best: number): void => {
    probabilities.replaceChildren(
      ...DIGITS.map((each) => {
        const share = shares[each] ?? 0;
        const percent = element('b', '', share === 0 ? '' : `${(share * 100).toFixed(share > 0.995 ? 0 : 1)} %`);
        return element('li', each === best ? 'best' : '', bar(share), percent);
      }),
    );
  };
  const panel: ReadingPanel = {
    show: (cells, reading) => {
      digit.value = reading.class;
      digit.classList.toggle('unsure', reading.score < 0.6);
      draw(reading.probabilities, Number(reading.class));
      drawCells(cellsCanvas, cells);
      features.replaceChildren(
        ...Object.entries(digitFeatures(cells)).flatMap(([name, value]) => [
          element('dt', '', name),
          element('dd', '', inShort(Number(value))),
        ]),
      );
    },
    clear: () => {
      digit.value = '?';
      draw([], -1);
      drawCells(cellsCanvas, new Float32Array(SIDE * SIDE));
      features.replaceChildren();
    },
  };
  panel.clear();
  return panel;
}

/** Without the sign of a zero. */
const inShort = (value: number): string => (Math.round(value * 100) / 100 + 0).toFixed(2);

function drawCells(canvas: HTMLCanvasElement, cells: Float32Array): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const ink = getComputedStyle(canvas).color;
  context.clearRect(0, 0, SIDE, SIDE);
  cells.forEach((cell, i) => {
    context.globalAlpha = cell / FULL;
    context.fillStyle = ink;
    context.fillRect(i % SIDE, Math.floor(i / SIDE), 1, 1);
  });
}
