import { describe, expect, it } from 'vitest';
import { Admission } from './admission.ts';

describe('admission', () => {
  it('covers bytes until the budget is used, and again when they are given back', () => {
    const admission = new Admission({ budgetBytes: 100 });
    const first = admission.admit('a', 60);
    expect(admission.admit('a', 41)).toBeUndefined();
    const second = admission.admit('a', 40);
    expect(second).toBeDefined();
    first?.release();
    expect(admission.bytesInFlight).toBe(40);
    expect(admission.admit('a', 60)).toBeDefined();
  });

  it('lets a request grow as it is decompressed, as far as there is room', () => {
    const admission = new Admission({ budgetBytes: 100 });
    const lease = admission.admit('a', 10);
    expect(lease?.cover(70)).toBe(true);
    expect(lease?.cover(50)).toBe(true);
    expect(lease?.cover(101)).toBe(false);
    expect(admission.bytesInFlight).toBe(70);
    lease?.release();
    lease?.release();
    expect(admission.bytesInFlight).toBe(0);
  });

  it('gives a busy tenant all there is, but not the share of another', () => {
    const admission = new Admission({ budgetBytes: 100 });
    expect(admission.admit('busy', 45)).toBeDefined();
    expect(admission.admit('quiet', 5)).toBeDefined();
    expect(admission.admit('busy', 6)).toBeUndefined();
    expect(admission.admit('quiet', 45)).toBeDefined();
  });
});
