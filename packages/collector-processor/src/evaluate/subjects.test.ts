import { describe, expect, it } from 'vitest';
import { remembered } from './subjects.ts';

const named = (from: number, to: number) =>
  Object.fromEntries(Array.from({ length: to - from }, (_, i) => [`feature ${from + i}`, from + i]));

describe('what is remembered of features', () => {
  it('stays while a feature is away, and is what was seen last', () => {
    expect(remembered({ 'feature age': 1, 'feature zip': 2 }, { 'feature age': 3 })).toEqual({
      'feature age': 3,
      'feature zip': 2,
    });
  });

  it('does not grow without end: the longest unseen go first, those of this window never', () => {
    let known: Readonly<Record<string, number>> = {};
    for (let window = 0; window < 30; window += 1)
      known = remembered(known, named(window * 1_000, (window + 1) * 1_000));
    expect(known).toEqual(named(20_000, 30_000));
    expect(remembered(named(0, 10), named(10, 15_000))).toEqual(named(10, 15_000));
  });
});
