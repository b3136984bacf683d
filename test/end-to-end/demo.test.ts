import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const FIRST_ROW_WITHIN_MS = 60_000;
const FIRST_ALERT_WITHIN_MS = 40_000;

let temporary: string;

beforeEach(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'driftline-test-'));
});

afterEach(() => rm(temporary, { recursive: true }));

describe('npm run demo', () => {
  it('is quiet on rows held back, finds the drift after them, and leaves nothing behind', async () => {
    const demo = new Demo('--once');
    await demo.says(/held back +1,200/, FIRST_ROW_WITHIN_MS);
    const health = /http:\S+\/health/.exec(demo.output)?.[0] ?? '';
    await expect.poll(async () => (await fetch(health.replace(/health$/, 'readyz'))).status).toBe(200);
    await demo.says(/1 FIRING/, FIRST_ALERT_WITHIN_MS);
    expect(demo.output.indexOf('FIRING')).toBeGreaterThan(demo.output.indexOf('production data starts here'));
    await expect.poll(async () => await (await fetch(health)).text()).toMatch(/"drift: [^"]*temperature/);

    expect(await demo.exitCode()).toBe(0);
    expect(demo.errors).toBe('');
    expect(demo.output).toMatch(/44 windows · \d+ features drifted · 1 alert · 52,800 predictions/);
    expect(demo.output).toContain('0 false alarms on 6 held-back windows');
    expect(demo.output).toMatch(/arrived over OTLP: \d+ drift gauges · \d+ drift events · 2 alert events/);
    expect(demo.output).toMatch(/cost of monitoring: -?[\d.]+ µs a prediction · \d+ KB a period/);
    expect(demo.output).not.toContain('\u001B');
    expect(demo.output.split('\n').every((line) => line.length <= 80)).toBe(true);
    expect(await leftBehind()).toEqual([]);
  });

  it('takes the next port where its own is taken, and sums up at Ctrl-C', async () => {
    const taken = createServer().listen(3743, '127.0.0.1');
    await Promise.race([once(taken, 'listening'), once(taken, 'error')]);
    const demo = new Demo();
    await demo.says(/held back +1,200/, FIRST_ROW_WITHIN_MS);
    taken.close();
    expect(demo.output).not.toContain('127.0.0.1:3743/');

    demo.pressCtrlC();
    await demo.exitCode();
    expect(demo.errors).toBe('');
    expect(demo.output).toMatch(/\d windows? · 0 features drifted · 0 alerts/);
    expect(await leftBehind()).toEqual([]);
  });

  it('says how it is called when called otherwise', async () => {
    const demo = new Demo('--twice');
    expect(await demo.exitCode()).toBe(2);
    expect(demo.errors).toContain("Unknown option '--twice'");
    expect(demo.errors).toContain('npm run demo -- --once');
  });
});

async function leftBehind(): Promise<readonly string[]> {
  const npmsOwn = 'node-compile-cache';
  return (await readdir(temporary)).filter((name) => name !== npmsOwn);
}

/** What a person starts in a terminal; its output is not one, so every week is a line. */
class Demo {
  output = '';
  errors = '';
  readonly #process: ChildProcess;
  readonly #closed: Promise<unknown[]>;

  constructor(...options: readonly string[]) {
    this.#process = spawn('npm', ['run', '--silent', 'demo', '--', ...options], {
      cwd: join(import.meta.dirname, '../..'),
      env: { ...process.env, TMPDIR: temporary },
      detached: true,
    });
    this.#closed = once(this.#process, 'close');
    this.#process.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.output += text;
    });
    this.#process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.errors += text;
    });
  }

  async says(pattern: RegExp, timeout: number): Promise<void> {
    await expect.poll(() => `${this.output}${this.errors}`, { timeout, interval: 50 }).toMatch(pattern);
  }

  /** A terminal sends it to everybody in the foreground. */
  pressCtrlC(): void {
    process.kill(-(this.#process.pid ?? Number.NaN), 'SIGINT');
  }

  async exitCode(): Promise<unknown> {
    const [code] = await this.#closed;
    return code;
  }
}
