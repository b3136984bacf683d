import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteMemo, TripleMemo } from './memo.ts';

const text = (bytes: Uint8Array, start: number, end: number): string =>
  Buffer.from(bytes.slice(start, end)).toString('hex');

describe('the memory of blocks', () => {
  it('always gives what parsing would, with far too few slots and blocks that lie anywhere', () => {
    const block = fc.uint8Array({ maxLength: 12 });
    fc.assert(
      fc.property(fc.array(fc.record({ before: block, block, after: block })), (requests) => {
        const memo = new ByteMemo<string>({ slots: 2, longestBlock: 10 });
        for (const { before, block, after } of requests) {
          const bytes = Uint8Array.of(...before, ...block, ...after);
          const end = before.length + block.length;
          const recalled = memo.recall(bytes, before.length, end, (from, to) => text(bytes, from, to));
          expect(recalled).toBe(Buffer.from(block).toString('hex'));
        }
      }),
    );
  });

  it('parses a block once, in order or not, and never those over its length', () => {
    const memo = new ByteMemo<object>({ slots: 64, longestBlock: 8 });
    const blocks = ['one', 'two', 'three', 'four'].map((word) => Buffer.from(word));
    const recall = (block: Buffer): object => memo.recall(block, 0, block.length, () => ({}));
    const first = blocks.map(recall);
    expect(blocks.map(recall).every((value, i) => value === first[i])).toBe(true);
    expect(
      blocks
        .toReversed()
        .map(recall)
        .every((value, i) => value === first.at(-1 - i)),
    ).toBe(true);
    const long = Buffer.from('a long block');
    expect(recall(long)).not.toBe(recall(long));
  });

  it('does not keep the request it saw a block in', () => {
    const request = Buffer.from('edges');
    const memo = new ByteMemo<string>({ slots: 4, longestBlock: 8 });
    memo.recall(request, 0, 5, () => 'edges');
    request.fill(0);
    expect(memo.recall(Buffer.from('edges'), 0, 5, () => 'parsed again')).toBe('edges');
  });
});

it('the memory of triples tells apart what shares a slot', () => {
  const memo = new TripleMemo<{ serial: number }, { serial: number }, string, string>(1);
  const [a, b] = [{ serial: 1 }, { serial: 2 }];
  const recall = (x: { serial: number }, y: { serial: number }, z: string): string =>
    memo.recall(x, y, z, () => `${x.serial}${y.serial}${z}`);
  for (const [x, y, z] of [
    [a, b, ''],
    [a, b, 'z'],
    [b, a, 'z'],
    [a, a, 'z'],
    [a, b, ''],
  ] as const)
    expect(recall(x, y, z)).toBe(`${x.serial}${y.serial}${z}`);
});
