import { describe, expect, it } from 'vitest';
import { RepeatedRows } from './repeated-rows.ts';

const isFeature = (name: string) => name !== 'id';

function repetitions(rows: readonly Readonly<Record<string, unknown>>[]): number {
  const seen = new RepeatedRows();
  return rows.filter((row) => seen.isRepeated(row, isFeature)).length;
}

describe('repeated rows', () => {
  it('are those with the same value of every feature, in whatever order and with whatever else', () => {
    const seen = new RepeatedRows();
    expect(seen.isRepeated({ age: 30, state: 'CA' }, isFeature)).toBe(false);
    expect(seen.isRepeated({ state: 'CA', age: 30, id: 7 }, isFeature)).toBe(true);
    expect(seen.isRepeated({ age: 30, state: 'NY' }, isFeature)).toBe(false);
    expect(seen.isRepeated({ age: '30', state: 'CA' }, isFeature)).toBe(false);
  });

  it('tell which feature has a value, and take a missing one for absent', () => {
    const seen = new RepeatedRows();
    expect(seen.isRepeated({ a: 1, b: null }, isFeature)).toBe(false);
    expect(seen.isRepeated({ a: null, b: 1 }, isFeature)).toBe(false);
    expect(seen.isRepeated({ a: 1 }, isFeature)).toBe(true);
  });

  it('are told by their embeddings', () => {
    const seen = new RepeatedRows();
    expect(seen.isRepeated({ text: [0.1, 0.2] }, isFeature)).toBe(false);
    expect(seen.isRepeated({ text: [0.2, 0.1] }, isFeature)).toBe(false);
    expect(seen.isRepeated({ text: Float64Array.of(0.1, 0.2) }, isFeature)).toBe(true);
  });

  it('are seen 8,192 different rows back and no farther', () => {
    const rows = Array.from({ length: 9_000 }, (_, age) => ({ age }));
    expect(repetitions([...rows.slice(0, 8_192), { age: 0 }])).toBe(1);
    expect(repetitions([...rows.slice(0, 8_193), { age: 0 }])).toBe(0);
    expect(repetitions([...rows.slice(0, 4_000), ...rows.slice(0, 4_000)])).toBe(4_000);
  });

  it('are not made up: of 200,000 rows that differ hardly one is taken for another', () => {
    const rows = Array.from({ length: 200_000 }, (_, i) => ({ age: i % 97, hours: Math.floor(i / 97), pay: i * 0.1 }));
    expect(repetitions(rows)).toBeLessThan(5);
  });
});
