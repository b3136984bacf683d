import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyHeldSeries, anyState } from '../../../../test/support/pane-states.ts';
import { decodeHeld, encodeHeld, StateError } from './state-codec.ts';

describe('a held series', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(anyHeldSeries, (held) => {
        expect(decodeHeld(encodeHeld(held))).toEqual(held);
      }),
    );
  });

  it('keeps what JSON cannot hold: infinities and negative zero', () => {
    const state = { kind: 'sum', value: -0 } as const;
    const infinite = {
      kind: 'histogram',
      edges: new Float64Array([1]),
      counts: new Float64Array(2),
      sum: Infinity,
    } as const;
    expect(decodeHeld(encodeHeld({ series, state })).state).toEqual(state);
    expect(decodeHeld(encodeHeld({ series, state: infinite })).state).toEqual(infinite);
  });

  it('has the same bytes in whatever order its attributes and classes came', () => {
    const turned = (order: readonly string[]) =>
      encodeHeld({
        series: { ...series, attributes: Object.fromEntries(order.map((name) => [name, 1])) },
        state: {
          kind: 'outcomes',
          confusion: new Map(order.map((predicted) => [predicted, new Map(order.map((truth) => [truth, 1]))])),
          errors: { count: 0, sum: 0, absolute: 0, squared: 0 },
        },
      });
    expect(turned(['b', 'a', 'c'])).toEqual(turned(['c', 'b', 'a']));
  });

  it('owns its bytes, so that it travels to other threads alone', () => {
    fc.assert(
      fc.property(anyState, (state) => {
        const bytes = encodeHeld({ series, state });
        expect(bytes.buffer.byteLength).toBe(bytes.length);
      }),
    );
  });
});

describe('bytes that are damaged', () => {
  it.each([
    ['nothing', new Uint8Array(), 'pane state: 0 bytes are too few'],
    [
      'a newer format',
      new Uint8Array([9, 2, 0, 0, 0, 0]),
      'format 9 is not 1; run the version of driftline that wrote it',
    ],
    ['another kind of blob', new Uint8Array([1, 7, 0, 0, 0, 0]), 'blob of kind 7, not 2'],
    ['a header that is not there', new Uint8Array([1, 2, 200, 0, 0, 0]), 'it is cut off'],
    ['a header without sense', new Uint8Array([1, 2, 1, 0, 0, 0, 123]), 'its header is damaged'],
  ])('are refused by name: %s', (_, bytes, complaint) => {
    expect(() => decodeHeld(bytes)).toThrow(complaint);
  });

  it('are refused when cut off anywhere', () => {
    fc.assert(
      fc.property(anyHeldSeries, fc.double({ min: 0, max: 0.999, noNaN: true }), (held, share) => {
        const bytes = encodeHeld(held);
        expect(() => decodeHeld(bytes.slice(0, Math.floor(bytes.length * share)))).toThrow(StateError);
      }),
    );
  });

  it('are refused or read, and nothing else happens', () => {
    const flips = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(anyHeldSeries, flips, (held, flips) => {
        const bytes = encodeHeld(held);
        for (const [at, mask] of flips) bytes[at % bytes.length]! ^= mask;
        readOrRefuse(bytes);
      }),
      { numRuns: 500 },
    );
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), readOrRefuse));
  });
});

function readOrRefuse(bytes: Uint8Array): void {
  try {
    const held = decodeHeld(bytes);
    expect(decodeHeld(encodeHeld(held))).toEqual(held);
  } catch (error) {
    expect(error).toBeInstanceOf(StateError);
  }
}

const series = { key: 'k', metric: 'm', unit: '1', temporality: 'delta', attributes: {} } as const;
