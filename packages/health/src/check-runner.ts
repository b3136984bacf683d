import {
  type Finding,
  type HealthCheck,
  type HealthStatus,
  type ModelName,
  type Reader,
  reasonsIn,
  statusOf,
} from './checks/health-check.ts';
import type { Clock } from './clock.ts';
import { settle, type Settled } from './flap-protection.ts';

export type HealthChecks = Readonly<Record<string, HealthCheck>>;

/** What is known of one check right now. */
export interface CheckResult extends Pick<HealthCheck, 'affects' | 'componentType' | 'type'> {
  readonly name: string;
  /** The model whose readiness it decides. */
  readonly model?: ModelName;
  readonly findings: readonly Finding[];
  /** When it was found; absent before the first answer. */
  readonly atMs?: number;
  /** At least once since the start. */
  readonly hasPassed: boolean;
}

/** A check that is taken for something else than before. */
export interface HealthChange {
  readonly check: string;
  /** Absent with its first answer. */
  readonly from?: HealthStatus;
  readonly to: HealthStatus;
  /** Why, where it does not pass. */
  readonly reasons: readonly string[];
}

export type OnChange = (change: HealthChange) => void;

/** Reads that ignored their signal and still hang, of one check: past these no further one is started. */
const hangingLimit = 3;

/** Runs every check in the background at its own pace, so that a probe only ever looks at what is already known. */
export class CheckRunner {
  readonly #checks: readonly BackgroundCheck[];
  readonly #closing = new AbortController();
  #running: Promise<unknown> = Promise.resolve();
  #isStarted = false;

  constructor(checks: HealthChecks, clock: Clock, onChange: OnChange) {
    this.#checks = Object.entries(checks).map(([name, check]) => new BackgroundCheck(name, check, clock, onChange));
  }

  start(): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    this.#running = Promise.all(this.#checks.map((check) => check.run(this.#closing.signal)));
  }

  results(): readonly CheckResult[] {
    return this.#checks.map((check) => check.result());
  }

  /** Stops and aborts what is under way; does not wait for a read that ignores its signal. */
  async close(): Promise<void> {
    this.#closing.abort(new Error('closing'));
    await this.#running;
  }
}

class BackgroundCheck {
  readonly #check: HealthCheck;
  readonly #clock: Clock;
  readonly #onChange: OnChange;
  readonly #about: Omit<CheckResult, 'findings' | 'atMs' | 'hasPassed'>;
  #reader: Reader<readonly Finding[]> | undefined;
  #known: (Settled & { readonly atMs: number }) | undefined;
  #hasPassed = false;
  #hanging = 0;

  constructor(name: string, check: HealthCheck, clock: Clock, onChange: OnChange) {
    this.#check = check;
    this.#clock = clock;
    this.#onChange = onChange;
    const { affects, componentType, type, isAboutModel, model = { name } } = check;
    this.#about = { name, affects, componentType, type, ...(isAboutModel && { model }) };
  }

  async run(closing: AbortSignal): Promise<void> {
    while (!closing.aborted && !this.#isOver()) {
      if (this.#hanging < hangingLimit) await this.#refresh(closing);
      if (!this.#isOver()) await this.#clock.sleep(this.#check.everyMs, closing);
    }
    this.#reader?.close?.();
  }

  result(): CheckResult {
    const about = { ...this.#about, hasPassed: this.#hasPassed };
    if (this.#known === undefined) return { ...about, findings: this.#failure('not checked yet') };
    const { findings, atMs } = this.#known;
    const ageMs = this.#clock.now() - atMs;
    return ageMs > this.#staleAfterMs() && !this.#isOver()
      ? { ...about, atMs, findings: this.#failure(`the last answer is ${Math.round(ageMs / 1000)} s old`) }
      : { ...about, atMs, findings };
  }

  async #refresh(closing: AbortSignal): Promise<void> {
    const { timeoutMs } = this.#check;
    const settled = new AbortController();
    const signal = AbortSignal.any([closing, settled.signal]);
    const findings = await Promise.race([
      this.#read(signal),
      this.#clock.sleep(timeoutMs, signal).then(() => this.#failure(`no answer within ${timeoutMs} ms`)),
    ]);
    settled.abort(new Error(`no answer within ${timeoutMs} ms`));
    if (!closing.aborted) this.#learn(findings);
  }

  #learn(findings: readonly Finding[]): void {
    const before = this.#known;
    this.#known = { ...settle(before, findings, this.#check), atMs: this.#clock.now() };
    const to = statusOf(this.#known);
    if (to !== 'fail') this.#hasPassed = true;
    const from = before && statusOf(before);
    if (from === to) return;
    const reasons = reasonsIn(this.#known.findings, to);
    this.#onChange({ check: this.#about.name, ...(from && { from }), to, reasons });
  }

  /** Never rejects: a check that throws has found something. */
  async #read(signal: AbortSignal): Promise<readonly Finding[]> {
    this.#hanging += 1;
    try {
      this.#reader ??= this.#check.open();
      return await this.#reader.read({ signal, now: () => this.#clock.now() });
    } catch (error) {
      return this.#failure(reasonOf(error));
    } finally {
      this.#hanging -= 1;
    }
  }

  #failure(output: string): readonly Finding[] {
    return [{ measurement: this.#check.measurement, status: 'fail', output }];
  }

  #isOver(): boolean {
    return this.#check.affects === 'startup' && this.#hasPassed;
  }

  /** Two answers missed. */
  #staleAfterMs(): number {
    return 2 * this.#check.everyMs + this.#check.timeoutMs;
  }
}

/** `fetch` and sockets hide what happened in the cause or the code. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? String(error.code) : error.name;
  const message = error.message === '' ? code : error.message;
  return error.cause === undefined ? message : `${message}: ${reasonOf(error.cause)}`;
}
