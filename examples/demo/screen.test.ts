import { describe, expect, it } from 'vitest';
import { Screen } from './screen.ts';
import type { WeekRow } from './table.ts';

const plain = (_style: string, text: string): string => text;
const week: WeekRow = {
  rows: 1_200,
  drifted: 1,
  monitored: 12,
  pending: 0,
  firing: 1,
  newlyDrifted: [
    { feature: 'temperature', part: 'distribution', size: 1.6, limit: 0.2, detectable: 0.2, direction: 'higher' },
  ],
  alertChanges: [],
};

function recorded(terminal: { readonly isTTY: boolean; readonly rows?: number }) {
  const written: string[] = [];
  const screen = new Screen({ ...terminal, write: (text) => written.push(text) }, plain);
  return { screen, text: () => written.join('') };
}

describe('the screen of the demo', () => {
  it('writes one line a week where nobody watches, without moving a cursor', () => {
    const { screen, text } = recorded({ isTTY: false });
    for (let count = 0; count < 40; count += 1) screen.week(week);
    expect(text().trimEnd().split('\n')).toHaveLength(40);
    expect(text()).not.toContain('\u001B');
  });

  it('never shows more weeks than the terminal has rows for', () => {
    const { screen, text } = recorded({ isTTY: true, rows: 30 });
    for (let count = 0; count < 40; count += 1) screen.week(week);
    const lastFrame = text().split('\u001B[J').at(-1)?.replace('\u001B[?7h', '') ?? '';
    expect(lastFrame.trimEnd().split('\n')).toHaveLength(9);
    expect(lastFrame).toContain('↳ temperature 1.60 sd');
  });

  it('keeps what the drift service says until the table is done', () => {
    const { screen, text } = recorded({ isTTY: true, rows: 30 });
    screen.notice('the store is slow');
    expect(text()).toBe('');
    screen.summary({
      windows: 1,
      driftedFeatures: 0,
      alerts: 0,
      heldBackWindows: 1,
      falseAlarms: 0,
      predictions: 1_200,
      arrived: { driftGauges: 13, driftChanges: 0, alertChanges: 0 },
    });
    expect(text()).toContain('  the store is slow\n  1 window ·');
  });
});
