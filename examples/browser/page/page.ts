/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/// <reference lib="dom.asynciterable" />
import { watchDepartures } from './departures.ts';
import { digitCells } from './digit-cells.ts';
import { DrawingPad } from './drawing-pad.ts';
import { judgementPanel } from './judgement-panel.ts';
import { leftPanel } from './left-panel.ts';
import { readingPanel } from './reading-panel.ts';
import { byId } from './elements.ts';
import { type Pen, robotDrawings } from './robot.ts';
import { watchedReader } from './watched-reader.ts';

const site = location.origin;
const driftService = document.querySelector<HTMLMetaElement>('meta[name=drift-service]')?.content ?? '';
/** Of a robot at work one digit in so many is shown. */
const SHOWN_EVERY = 6;

const left = leftPanel();
watchDepartures(driftService, (departure) => left.add(departure));
const { read } = await watchedReader({ site, driftService, service: 'digits-page', intervalMs: 2_000 });

const reading = readingPanel();
const pad = new DrawingPad(byId('pad', HTMLCanvasElement), (strokes) => void show(digitCells(strokes)));
byId('clear', HTMLButtonElement).addEventListener('click', () => {
  pad.clear();
  reading.clear();
});

const robots: readonly (readonly [HTMLButtonElement, Pen])[] = [
  [byId('robot-usual', HTMLButtonElement), 'usual'],
  [byId('robot-felt-tip', HTMLButtonElement), 'felt-tip'],
];
let stopRobot = new AbortController();
for (const [button, pen] of robots) button.addEventListener('click', () => startOrStop(button, pen));

judgementPanel(site);

async function show(cells: Float32Array): Promise<void> {
  const found = await read(cells);
  left.recorded();
  reading.show(cells, found);
}

/** One robot at a time. */
function startOrStop(button: HTMLButtonElement, pen: Pen): void {
  stopRobot.abort();
  const isStart = button.ariaPressed !== 'true';
  for (const [each] of robots) each.ariaPressed = String(isStart && each === button);
  if (!isStart) return;
  stopRobot = new AbortController();
  pad.clear();
  void robotAtWork(pen, stopRobot.signal);
}

/** A digit a frame. */
async function robotAtWork(pen: Pen, stop: AbortSignal): Promise<void> {
  let drawn = 0;
  for await (const cells of robotDrawings(site, pen)) {
    if (stop.aborted) return;
    const found = await read(cells);
    left.recorded();
    if (drawn++ % SHOWN_EVERY === 0) reading.show(cells, found);
    await new Promise(requestAnimationFrame);
  }
}
