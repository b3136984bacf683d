import { randomBytes } from 'node:crypto';
import type { ReferenceProfile } from '@driftline/sketches';
import { describe, expect, it } from 'vitest';
import { Identities } from '../receive/identity.ts';
import { SegmentCounts } from './segment-counts.ts';
import { type PointAttributes, PointWriter } from './sketch-points.ts';

const red = { rows: 900, features: {}, outputs: {} };
const knowsRed: Pick<ReferenceProfile, 'segments'> = { segments: { colour: { red } } };

type Values = readonly (string | number | null)[];

/** Rows by the value that they would be sent under, a period at a time. */
function counting(reference?: Pick<ReferenceProfile, 'segments'>) {
  const identities = new Identities({ key: randomBytes(16) });
  const valueOf = new Map<PointWriter, PointAttributes[string]>();
  const counts = new SegmentCounts<{ rows: number }>((more) => {
    const writer = new PointWriter(identities, undefined, more);
    valueOf.set(writer, more['ml.segment.value']);
    return writer;
  }, reference);
  return (values: Values) => {
    for (const [counted, rows] of counts.of('colour', values, () => ({ rows: 0 }))) counted.rows += rows.length;
    return Object.fromEntries(counts.taken().map(([{ rows }, writer]) => [valueOf.get(writer), rows]));
  };
}

describe('segments of a history', () => {
  it('are the first twenty values of a period, as in the instrumentation, and all others together', () => {
    const period = counting();
    const values = Array.from({ length: 50 }, (_, i) => `value ${i % 25}`);
    const counted = period(values);
    expect(Object.keys(counted)).toHaveLength(21);
    expect(counted).toMatchObject({ 'value 0': 2, 'value 19': 2, _other: 10 });
    expect(period(['value 24'])).toEqual({ 'value 24': 1 });
  });

  it('are those that the profile knows: no other has a place of its own, and none takes theirs', () => {
    const values = [...Array.from({ length: 30 }, (_, i) => `value ${i}`), 'red', 'toString'];
    expect(counting(knowsRed)(values)).toEqual({ red: 1, _other: 31 });
  });

  it('leave out rows without a value, and fold a value that is too long', () => {
    expect(counting()(['', null, Number.NaN, Number.POSITIVE_INFINITY, 7, 'x'.repeat(101), 'x'.repeat(100)])).toEqual({
      7: 1,
      _other: 1,
      ['x'.repeat(100)]: 1,
    });
  });

  it('of many periods go on being told, whatever was forgotten', () => {
    const period = counting();
    for (let i = 0; i < 100; i++) {
      const values = Array.from({ length: 10 }, (_, j) => `value ${i} ${j}`);
      expect(period(values)).toEqual(Object.fromEntries(values.map((value) => [value, 1])));
    }
  });
});
