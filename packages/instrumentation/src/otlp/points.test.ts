import { expect, it } from 'vitest';
import { numberPoint } from './points.ts';

it('a point has the fields of OTLP and no settings of ours', () => {
  const times = { startTimeUnixNano: '1', timeUnixNano: '2' };
  expect(numberPoint(3, [], Object.assign({ sendsExtremes: false }, times))).toEqual({
    attributes: [],
    asInt: '3',
    ...times,
  });
});
