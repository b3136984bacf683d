import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeShelf, encodeShelf, ReferenceEntries, type Shelf } from './reference-entries.ts';

const count = fc.nat({ max: 1e6 });
const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => x + 0);
const run = fc.record({ offset: fc.integer({ min: -1000, max: 1000 }), counts: fc.array(count) });
const distribution = fc.oneof(
  fc.record({
    kind: fc.constant('histogram' as const),
    edges: fc.array(finite, { maxLength: 5 }),
    counts: fc.array(count, { maxLength: 6 }),
    sum: finite,
  }),
  fc.record({
    kind: fc.constant('exponential' as const),
    scale: fc.integer({ min: -10, max: 20 }),
    zeroCount: count,
    positive: run,
    negative: run,
    sum: finite,
  }),
);
const subject = fc.record(
  {
    role: fc.constantFrom('feature' as const, 'output' as const),
    name: fc.string(),
    missing: count,
    distributions: fc.array(fc.tuple(fc.oneof(fc.constant('none' as const), fc.nat({ max: 16 })), distribution), {
      maxLength: 3,
    }),
    categories: fc.dictionary(fc.string(), count, { noNullPrototype: true }),
    segment: fc.record({ name: fc.string(), value: fc.string() }),
  },
  { requiredKeys: ['role', 'name', 'missing', 'distributions', 'categories'], noNullPrototype: true },
);
const segment = fc.record({
  name: fc.string(),
  value: fc.string(),
  rows: count,
  subjects: fc.array(subject, { maxLength: 2 }),
});
const ofSender = { referenceId: fc.string(), names: fc.array(fc.string(), { maxLength: 3 }) };
const numbers = fc.array(finite, { maxLength: 6 });
const moments = fc.record({ ...ofSender, count, means: numbers, sums: numbers });
const pairScatter = fc.record({ ...ofSender, phi: numbers, rows: finite, free: count });
const slot = fc.record(
  {
    start: count,
    end: count,
    subjects: fc.array(subject, { maxLength: 3 }),
    drifted: fc.dictionary(fc.string(), count, { noNullPrototype: true }),
    segments: fc.array(segment, { maxLength: 2 }),
    sizes: fc.record({
      rows: count,
      segments: fc.array(fc.record({ name: fc.string(), value: fc.string(), rows: count }), { maxLength: 2 }),
    }),
    moments: fc.array(moments, { maxLength: 2 }),
  },
  { requiredKeys: ['start', 'end', 'subjects', 'drifted'], noNullPrototype: true },
);
const shelf = fc.record(
  { slots: fc.array(slot, { maxLength: 4 }), pairScatter: fc.array(pairScatter, { maxLength: 2 }) },
  { requiredKeys: ['slots'], noNullPrototype: true },
);

describe('a shelf of sketches', () => {
  it('reads back as it was written', () => {
    fc.assert(
      fc.property(shelf, (written) => {
        expect(decodeShelf(encodeShelf(written))).toEqual(written);
      }),
    );
  });

  it('says edges once, however many slots were counted on them', () => {
    const edges = Array.from({ length: 100 }, (_, i) => Math.sin(i) * 1000).toSorted((a, b) => a - b);
    const of = (slots: number): Shelf => ({
      slots: Array.from({ length: slots }, (_, start) => ({
        start,
        end: start + 1,
        drifted: {},
        subjects: [
          {
            role: 'feature',
            name: 'x',
            missing: 0,
            categories: {},
            distributions: [['none', { kind: 'histogram', edges, counts: edges.map(() => start), sum: 0 }]],
          },
        ],
      })),
    });
    expect(encodeShelf(of(7)).length).toBeLessThan(1.5 * encodeShelf(of(1)).length);
  });

  it('of a newer version is refused with the way out', () => {
    const bytes = encodeShelf({ slots: [] });
    bytes[0] = 2;
    expect(() => decodeShelf(bytes)).toThrow('format 2 is not 1; run the version of driftline that wrote it');
  });

  it('is read once it is asked for, and as it was changed since', async () => {
    const asked: string[] = [];
    const entries = new ReferenceEntries((keys) => {
      asked.push(...keys);
      return Promise.resolve(new Map());
    });
    expect(await entries.get('a')).toBeUndefined();
    entries.put('a', { slots: [] });
    entries.drop(['b']);
    expect([await entries.get('a'), await entries.get('b')]).toEqual([{ slots: [] }, undefined]);
    expect(asked).toEqual(['a']);
    expect([...entries.writes()].map(([key, bytes]) => [key, bytes && decodeShelf(bytes)])).toEqual([
      ['a', { slots: [] }],
      ['b', undefined],
    ]);
  });
});
