/// <reference lib="dom" />
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
const ROBOT_DIGITS = 300;
/** What is shown of a robot at work: every so manieth digit. */
const SHOWN_EVERY = 10;

const left = leftPanel();
watchDepartures(driftService, (departure) => left.add(departure));
const { read } = await watchedReader({ site, driftService, service: 'digits-page', intervalMs: 5_000 });

const reading = readingPanel();
const pad = new DrawingPad(byId('pad', HTMLCanvasElement), (strokes) => void show(digitCells(strokes)));
byId('clear', HTMLButtonElement).addEventListener('click', () => {
  pad.clear();
  reading.clear();
});

const pens = { 'robot-usual': 'usual', 'robot-felt-tip': 'felt-tip' } as const satisfies Record<string, Pen>;
for (const [id, pen] of Object.entries(pens)) {
  byId(id, HTMLButtonElement).addEventListener('click', ({ currentTarget }) => {
    if (currentTarget instanceof HTMLButtonElement) void robotAtWork(currentTarget, pen);
  });
}
judgementPanel(site);

async function show(cells: Float32Array): Promise<void> {
  reading.show(cells, await read(cells));
}

async function robotAtWork(button: HTMLButtonElement, pen: Pen): Promise<void> {
  button.disabled = true;
  pad.clear();
  let drawn = 0;
  for await (const cells of robotDrawings(site, pen, ROBOT_DIGITS)) {
    const read1 = await read(cells);
    if (drawn++ % SHOWN_EVERY !== 0) continue;
    reading.show(cells, read1);
    await nextFrame();
  }
  button.disabled = false;
}

const nextFrame = (): Promise<unknown> => new Promise(requestAnimationFrame);
