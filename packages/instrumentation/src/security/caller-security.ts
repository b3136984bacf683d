import { securityPatterns } from './patterns/index.ts';
import type { CallerCall, CallerPatternName, CallerWatch } from './patterns/security-pattern.ts';
import { MeanOverCallers } from './usual-value.ts';

/** Those who did not call for longest are forgotten first. */
const MOST_CALLERS = 1000;

/** What the callers of one model do. Their names are compared and forgotten: they never leave this process. */
export class CallerSecurity {
  readonly #usual = securityPatterns.map(() => new MeanOverCallers());
  readonly #callers = new Map<string, readonly CallerWatch[]>();

  get callers(): number {
    return this.#callers.size;
  }

  /** How many rows of this call show which pattern; without those that none does. */
  observe(caller: string, call: CallerCall): readonly (readonly [CallerPatternName, number])[] {
    const watches = this.#watchesOf(caller);
    return securityPatterns
      .map(({ name }, i) => [name, watches[i]?.(call) ?? 0] as const)
      .filter(([, rows]) => rows > 0);
  }

  #watchesOf(caller: string): readonly CallerWatch[] {
    const watches =
      this.#callers.get(caller) ??
      securityPatterns.map((pattern, i) => pattern.watch(this.#usual[i] ?? new MeanOverCallers()));
    this.#callers.delete(caller);
    this.#callers.set(caller, watches);
    if (this.#callers.size > MOST_CALLERS) this.#forgetOldest();
    return watches;
  }

  #forgetOldest(): void {
    const [oldest] = this.#callers.keys();
    if (oldest !== undefined) this.#callers.delete(oldest);
  }
}
