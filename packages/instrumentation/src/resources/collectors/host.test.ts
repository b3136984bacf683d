import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { busyShare, parseCpuTimes } from './host.ts';

it('counts waiting for a disk as idle, and guests once', () => {
  expect(parseCpuTimes('cpu  10 20 30 400 50 6 7 8 999 999\ncpu0 1 2 3 4\n')).toEqual({ all: 531, busy: 81 });
});

it('knows the busy share of the time between', () => {
  expect(busyShare({ busy: 100, all: 1000 }, { busy: 150, all: 1200 })).toBe(0.25);
  expect(busyShare({ busy: 100, all: 1000 }, { busy: 100, all: 1000 })).toBeUndefined();
});

it('takes anything; a share is one', () => {
  const line = fc.array(fc.oneof(fc.integer().map(String), fc.string())).map((fields) => `cpu ${fields.join(' ')}`);
  fc.assert(
    fc.property(line, line, (before, after) => {
      const [one, other] = [parseCpuTimes(before), parseCpuTimes(after)];
      const share = one && other && busyShare(one, other);
      return share === undefined || (share >= 0 && share <= 1);
    }),
  );
});
