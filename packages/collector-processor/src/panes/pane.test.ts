import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pointOf } from '../../../../test/support/units.ts';
import { intervalMs, momentOf, paneAt } from './pane.ts';

const point = (temporality: 'delta' | 'cumulative' | 'none') =>
  pointOf({ temporality, value: { kind: 'sum', value: 1 } });
const period = (startMs: number, endMs: number) => ({
  startNs: BigInt(startMs) * 1_000_000n,
  endNs: BigInt(endMs) * 1_000_000n,
});

describe('the moment of a point', () => {
  it('is the middle of its period', () => {
    expect(momentOf(period(240_000, 300_100), point('delta'))).toBe(270_050);
  });

  it.each([
    ['of a cumulative one', period(10, 300_000), 'cumulative'],
    ['of a delta that tells no start', period(0, 300_000), 'delta'],
  ] as const)('is just before the end %s', (_, unit, temporality) => {
    expect(momentOf(unit, point(temporality))).toBe(299_999);
  });

  it('is the time itself of what stands for a moment', () => {
    expect(momentOf(period(0, 300_000), point('none'))).toBe(300_000);
    expect(momentOf(period(300_000, 300_000), point('delta'))).toBe(300_000);
  });

  it('keeps its milliseconds beyond what a double can hold in nanoseconds', () => {
    const end = Date.UTC(2026, 10, 20, 12, 5);
    expect(
      momentOf({ startNs: BigInt(end - 1) * 1_000_000n, endNs: BigInt(end) * 1_000_000n + 1n }, point('delta')),
    ).toBe(end - 1);
    expect(intervalMs(period(0, end))).toBe(0);
  });
});

describe('the pane of a moment', () => {
  it('is an aligned slot', () => {
    expect(paneAt(599_999, 300_000, [], 0)).toEqual({ start: 300_000, end: 600_000 });
    expect(paneAt(600_000, 300_000, [], 0)).toEqual({ start: 600_000, end: 900_000 });
  });

  it('never overlaps what is open or sealed, whatever the lengths were', () => {
    const lengths = fc.constantFrom(60_000, 120_000, 300_000, 3_600_000);
    const moments = fc.array(fc.tuple(fc.nat(7_200_000), lengths), { maxLength: 40 });
    fc.assert(
      fc.property(moments, fc.nat(7_200_000), (moments, sealedEnd) => {
        const open: { start: number; end: number }[] = [];
        for (const [moment, length] of moments) {
          const pane = paneAt(moment, length, open, sealedEnd);
          expect(pane.start <= moment && moment < pane.end).toBe(true);
          expect(pane.start >= sealedEnd).toBe(moment >= sealedEnd);
          if (moment >= sealedEnd && !open.some(({ start }) => start === pane.start)) open.push(pane);
        }
        open.sort((a, b) => a.start - b.start);
        open.forEach(({ end }, i) => expect(open[i + 1]?.start ?? end).toBeGreaterThanOrEqual(end));
      }),
    );
  });
});
