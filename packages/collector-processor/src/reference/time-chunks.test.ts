import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from './seeded-random.ts';
import { TimeChunks } from './time-chunks.ts';

function chunksOf(times: readonly number[], asked: number): TimeChunks {
  const chunks = new TimeChunks(seededRandom(1));
  for (const time of times) chunks.record(time);
  chunks.cutInto(asked);
  return chunks;
}

describe('chunks in the order of time', () => {
  it('hold about equal numbers of rows, in whatever order these come', () => {
    const times = Array.from({ length: 5000 }, (_, i) => (i * 7919) % 5000);
    const chunks = chunksOf(times, 50);
    expect(chunks.count).toBe(50);
    const rows = Map.groupBy(times, (time) => chunks.chunkOf(time));
    expect([...rows.values()].map(({ length }) => length)).toEqual(Array.from({ length: 50 }, () => 100));
  });

  it('are as many as there are different times, at most', () => {
    expect(chunksOf([3, 3, 3, 3], 50).count).toBe(1);
    expect(chunksOf([1, 2, 2, 3], 50).count).toBe(3);
    expect(chunksOf([], 50).isEmpty).toBe(true);
  });

  it('keep the order, number from zero and leave none empty', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true }), { minLength: 1 }),
        fc.integer({ min: 2, max: 60 }),
        (times, asked) => {
          const chunks = chunksOf(times, asked);
          const numbers = times.toSorted((a, b) => a - b).map((time) => chunks.chunkOf(time));
          expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
          expect(new Set(numbers)).toEqual(new Set(Array.from({ length: chunks.count }, (_, i) => i)));
        },
      ),
    );
  });
});
