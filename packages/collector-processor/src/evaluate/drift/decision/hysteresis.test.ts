import { describe, expect, it } from 'vitest';
import type { DriftState } from '../../measurement.ts';
import { type DriftMemory, stepDriftState } from './hysteresis.ts';

function statesAfter(judged: readonly DriftState[]): DriftState[] {
  let memory: DriftMemory | undefined;
  return judged.map((state) => {
    memory = stepDriftState(memory, state);
    return memory.state;
  });
}

describe('the state of a feature over windows', () => {
  it('enters drift with the first window that shows it', () => {
    expect(statesAfter(['ok', 'drift'])).toEqual(['ok', 'drift']);
  });

  it('leaves drift after three windows without it', () => {
    expect(statesAfter(['drift', 'ok', 'warning', 'ok', 'ok'])).toEqual(['drift', 'drift', 'drift', 'ok', 'ok']);
  });

  it('counts anew when drift comes back in between', () => {
    expect(statesAfter(['drift', 'ok', 'ok', 'drift', 'ok', 'ok', 'ok']).at(-2)).toBe('drift');
  });

  it('neither starts nor ends drift with windows of too few rows', () => {
    expect(statesAfter(['insufficient_data', 'insufficient_data'])).not.toContain('drift');
    expect(
      statesAfter(['drift', 'insufficient_data', 'ok', 'insufficient_data', 'no_reference', 'ok', 'insufficient_data']),
    ).toEqual(Array.from({ length: 7 }, () => 'drift'));
    expect(statesAfter(['drift', 'ok', 'insufficient_data', 'ok', 'ok']).at(-1)).toBe('ok');
  });

  it('follows the other states at once', () => {
    expect(statesAfter(['warning', 'ok', 'insufficient_data', 'warning'])).toEqual([
      'warning',
      'ok',
      'insufficient_data',
      'warning',
    ]);
  });
});
