import type { WindowMeasurement } from '@driftline/collector-processor';
import { type Browser, chromium as playwright, type Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type Example, startExample } from '../../examples/browser/example.ts';
import { chromium } from '../components/chromium.ts';
import { obtain } from '../components/component.ts';
import type { Application } from './application.ts';

const available = await obtain(chromium);
const patient = { timeout: 30_000, interval: 200 };

/** A real browser, a real model, the real drift service on another origin. */
describe.skipIf(available.state === 'missing')('in a browser', () => {
  const windows: WindowMeasurement[] = [];
  let browser: Browser;
  let example: Example;
  let page: Page;
  /** How far the drift service's clock is ahead of the page's. */
  let aheadMs: number;

  beforeAll(async () => {
    if (available.state === 'available') browser = await playwright.launch({ executablePath: available.path });
  });

  afterAll(() => browser?.close());

  beforeEach(async () => {
    windows.length = 0;
    aheadMs = 0;
    example = await startExample({
      port: 0,
      scripts: { '/application.js': `${import.meta.dirname}/application.ts` },
      now: () => Date.now() + aheadMs,
      onWindow: (window) => windows.push(window),
      tickMs: 50,
    });
    const context = await browser.newContext();
    page = await context.newPage();
    const broken: string[] = [];
    page.on('pageerror', ({ message }) => broken.push(message));
    onTestFinished(async () => {
      await context.close();
      await example[Symbol.asyncDispose]();
      expect(broken).toEqual([]);
    });
  });

  function rowsJudged(): Readonly<Record<string, number>> {
    const total: Record<string, number> = {};
    for (const { name, rows } of windows.flatMap(({ features }) => features)) total[name] = (total[name] ?? 0) + rows;
    return total;
  }

  /** Whoever was silent for a minute is gone, and what came from it is judged: minutes pass until all is there. */
  async function expectRowsInTheEnd(rows: number): Promise<void> {
    await vi.waitFor(() => {
      aheadMs += 2 * 60_000;
      expect(rowsJudged()).toEqual(everyFeature(rows));
    }, patient);
  }

  async function openApplication(origin = example.url): Promise<void> {
    await page.goto(`${origin}/an-empty-page`);
    await page.addScriptTag({ type: 'module', url: scriptUrl('page') });
    await page.waitForFunction(() => globalThis.driftlineApplication !== undefined);
  }

  const scriptUrl = (service: string) =>
    `/application.js?${new URLSearchParams({ service, 'drift-service': example.driftService })}`;

  it('counts every prediction of a page, across origins', async () => {
    await openApplication();
    expect(await ask('predict', 150)).toBe('1');
    await ask('flush');
    expect(await ask('errors')).toEqual({});
    await expectRowsInTheEnd(150);
    expect(windows[0]?.model).toMatchObject({ name: 'digits', version: '1', resource: { 'service.name': 'page' } });
  });

  it('counts every prediction of a worker', async () => {
    await page.goto(`${example.url}/an-empty-page`);
    const answers = await page.evaluate(async (url) => {
      const worker = new Worker(url, { type: 'module' });
      const answer = () =>
        new Promise((resolve, reject) => {
          worker.addEventListener('message', ({ data }) => resolve(data), { once: true });
          worker.addEventListener('error', ({ message }) => reject(new Error(message)), { once: true });
        });
      const answers: unknown[] = [await answer()];
      for (const question of [['predict', 150], ['flush'], ['errors']]) {
        worker.postMessage(question);
        answers.push(await answer());
      }
      return answers;
    }, scriptUrl('worker'));
    expect(answers).toEqual(['ready', '1', undefined, {}]);
    await expectRowsInTheEnd(150);
  });

  it.each([
    ['is left for another page', () => page.goto('about:blank')],
    ['is closed', () => page.close({ runBeforeUnload: true })],
  ])('loses nothing when the page %s', async (_, leave) => {
    await openApplication();
    await ask('predict', 120);
    await leave();
    await expectRowsInTheEnd(120);
  });

  it('sends what it has when the page is hidden, since a phone may end it then', async () => {
    await openApplication();
    await ask('predict', 120);
    await page.evaluate(() => {
      Object.defineProperty(document, 'visibilityState', { value: 'hidden' });
      document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
    });
    await expectRowsInTheEnd(120);
  });

  it('goes on predicting where the drift service does not let the origin in, and says so', async () => {
    const said: string[] = [];
    page.on('console', (message) => said.push(message.text()));
    await openApplication(example.url.replace('127.0.0.1', 'localhost'));
    expect(await ask('predict', 150)).toBe('1');
    await ask('flush');
    expect(await ask('errors')).toEqual({ export: 1 });
    expect(said.join('\n')).toContain(`driftline: no drift service at ${example.driftService}`);
  });

  it('shows a visitor what is read, what left, and what drifted', async () => {
    await page.goto(example.url);
    await drawSeven();
    await vi.waitFor(async () => expect(await page.locator('#digit').textContent()).toBe('7'), patient);
    expect(await page.locator('#left-requests').textContent()).toBe('0');

    await page.getByRole('button', { name: 'Robot, felt-tip pen' }).click();
    const ink = page.getByRole('row', { name: 'ink' });
    await vi.waitFor(async () => expect(await ink.textContent()).toMatch(/drifted.*higher/), patient);
    const left = Number((await page.locator('#left-predictions').textContent())?.replaceAll(',', ''));
    expect(left).toBeGreaterThanOrEqual(rowsJudged()['class'] ?? 0);
    expect(rowsJudged()['class']).toBeGreaterThan(100);
  });

  function ask(call: keyof Application, times = 0): Promise<unknown> {
    return page.evaluate(async ([call, times]): Promise<unknown> => globalThis.driftlineApplication?.[call](times), [
      call,
      times,
    ] as const);
  }

  async function drawSeven(): Promise<void> {
    const pad = await page.locator('#pad').boundingBox();
    if (pad === null) throw new Error('the page has no pad to draw on');
    const go = (x: number, y: number) => page.mouse.move(pad.x + x * pad.width, pad.y + y * pad.height, { steps: 5 });
    await go(0.3, 0.22);
    await page.mouse.down();
    await go(0.7, 0.22);
    await go(0.45, 0.8);
    await page.mouse.up();
  }
});

function everyFeature(rows: number): Readonly<Record<string, number>> {
  return Object.fromEntries(['ink', 'width', 'slant', 'balance', 'class', 'score'].map((name) => [name, rows]));
}
