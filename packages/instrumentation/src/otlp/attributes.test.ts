import { attributes as conventions, sketchEvents } from '@driftline/semantic-conventions';
import { describe, expect, it } from 'vitest';
import { doubles, keyValues } from './attributes.ts';

describe('attributes on the wire', () => {
  it('are doubles where the conventions say so, even for whole numbers', () => {
    const sent = Object.values(sketchEvents).flatMap(({ attributes }) => attributes);
    expect(doubles).toEqual(new Set(sent.filter((name) => conventions[name].type === 'double')));
    expect(keyValues({ 'ml.prediction.score': 1, 'ml.comoment.count': 1, 'ml.prediction.time': 0.5 })).toEqual([
      { key: 'ml.prediction.score', value: { doubleValue: 1 } },
      { key: 'ml.comoment.count', value: { intValue: '1' } },
      { key: 'ml.prediction.time', value: { doubleValue: 0.5 } },
    ]);
  });

  it('leave out what is undefined or no number of JSON', () => {
    expect(keyValues({ a: undefined, b: Number.NaN, c: Number.POSITIVE_INFINITY, d: false })).toEqual([
      { key: 'd', value: { boolValue: false } },
    ]);
  });

  it('carry bytes as base64 and lists of text', () => {
    expect(keyValues({ bytes: new Uint8Array([255, 0, 16]), names: ['a', 'b'] })).toEqual([
      { key: 'bytes', value: { bytesValue: '/wAQ' } },
      { key: 'names', value: { arrayValue: { values: [{ stringValue: 'a' }, { stringValue: 'b' }] } } },
    ]);
  });
});
