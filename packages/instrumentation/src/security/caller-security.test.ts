import { describe, expect, it } from 'vitest';
import { CallerSecurity } from './caller-security.ts';
import { securityPatterns } from './patterns/index.ts';
import type { CallerCall } from './patterns/security-pattern.ts';

type CallOf = CallerCall & { readonly caller: string };

/** Who was found doing what, and from which of its rows on. */
function watch(calls: Iterable<CallOf>): ReadonlyMap<string, number> {
  const security = new CallerSecurity();
  const rowsOf = new Map<string, number>();
  const found = new Map<string, number>();
  for (const { caller, ...call } of calls) {
    const rows = (rowsOf.get(caller) ?? 0) + call.rows.length;
    rowsOf.set(caller, rows);
    for (const [pattern] of security.observe(caller, call)) {
      const key = `${pattern} by ${caller}`;
      if (!found.has(key)) found.set(key, rows);
    }
  }
  return found;
}

describe.each([...securityPatterns])('security pattern $name', ({ name, examples }) => {
  it.each([...examples])('$says', ({ isFound, calls }) => {
    const found = [...watch(calls()).keys()].filter((key) => key.startsWith(name));
    expect(found).toHaveLength(isFound ? 1 : 0);
  });
});

describe('what callers do', () => {
  /** Reproducible chance: mulberry32. */
  function chance(seed: number): () => number {
    let state = seed;
    return () => {
      state = (state + 0x6d2b79f5) | 0;
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    };
  }

  function* merchants(callers: number, steps: number) {
    const random = chance(7);
    for (let step = 0; step < steps; step++) {
      for (let caller = 0; caller < callers; caller++) {
        // Country, currency and category are the merchant's own: only three features change, as for everybody.
        const row = {
          country: caller % 7,
          currency: caller % 3,
          category: caller,
          amount: random(),
          hour: step % 24,
          items: Math.floor(random() * 5),
        };
        yield { caller: `merchant ${caller}`, timeMs: step * 1000, rows: [row] };
      }
    }
  }

  it('stays quiet where callers share most features with themselves', () => {
    expect([...watch(merchants(40, 500)).keys()]).toEqual([]);
  });

  it('says nothing of a caller that nobody can be compared with', () => {
    function* alone() {
      for (let step = 0; step < 500; step++)
        yield { caller: 'only', timeMs: step * 1000, rows: [{ a: 1, b: 2, c: step }] };
    }
    expect([...watch(alone()).keys()]).toEqual([]);
  });

  it('finds who sweeps one feature after the other within 64 rows', () => {
    function* sweep() {
      yield* merchants(10, 50);
      for (let step = 0; step < 200; step++) {
        const row = { country: 1, currency: 1, category: 1, amount: 0.5, hour: 12, items: 2 };
        const swept = step < 100 ? { amount: step / 100 } : { hour: step / 10 };
        yield { caller: 'prober', timeMs: 60_000 + step * 1000, rows: [{ ...row, ...swept }] };
      }
    }
    const found = watch(sweep());
    expect([...found.keys()]).toEqual(['probing by prober']);
    expect(found.get('probing by prober')).toBeLessThan(64);
  });

  it('forgets who did not call for longest, and stays bounded', () => {
    const security = new CallerSecurity();
    for (let caller = 0; caller < 5000; caller++) security.observe(`caller ${caller}`, { timeMs: 0, rows: [{}] });
    expect(security.callers).toBe(1000);
  });
});
