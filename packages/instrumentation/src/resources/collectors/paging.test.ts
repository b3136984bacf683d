import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePages, parseSwap } from './paging.ts';

describe('swap of /proc/meminfo', () => {
  it('is in kibibytes there', () => {
    expect(parseSwap('MemTotal:  8000 kB\nSwapTotal:       2000 kB\nSwapFree:        500 kB\n')).toEqual([
      { metric: 'system.paging.usage', value: 1_536_000, attributes: { 'system.paging.state': 'used' } },
      { metric: 'system.paging.usage', value: 512_000, attributes: { 'system.paging.state': 'free' } },
      { metric: 'system.paging.utilization', value: 0.75, attributes: { 'system.paging.state': 'used' } },
      { metric: 'system.paging.utilization', value: 0.25, attributes: { 'system.paging.state': 'free' } },
    ]);
  });

  it('is nothing on a machine without', () => {
    expect(parseSwap('SwapTotal:  0 kB\nSwapFree: 0 kB\n')).toEqual([]);
  });
});

describe('pages of /proc/vmstat', () => {
  it('are minor and major faults, which sum to all, and pages in and out', () => {
    expect(parsePages('pgfault 1000\npgmajfault 30\npswpin 4\npswpout 5\n').map(({ value }) => value)).toEqual([
      970, 30, 4, 5,
    ]);
  });
});

it('takes anything', () => {
  const name = fc.constantFrom('SwapTotal:', 'SwapFree:', 'pgfault', 'pgmajfault', 'pswpin', '\n', ' kB');
  const text = fc.array(fc.oneof(name, fc.integer().map(String), fc.string())).map((parts) => parts.join(' '));
  fc.assert(
    fc.property(text, (anything) =>
      [...parseSwap(anything), ...parsePages(anything)].every(({ value }) => Number.isFinite(value)),
    ),
  );
});
