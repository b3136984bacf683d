import { describe, expect, it } from 'vitest';
import { changeLines, headingLines, productionLine, summaryLines, type WeekRow, weekLine } from './table.ts';

const plain = (_style: string, text: string): string => text;
const widest = (lines: readonly string[]): number => Math.max(...lines.map((line) => line.length));

const addresses = { port: 37_439, servicePort: 37_449, resultsUrl: 'http://127.0.0.1:41775' };
const worstWeek: WeekRow = {
  start: new Date('2013-04-04'),
  rows: 12_345,
  p95Seconds: 0.000_999,
  drifted: 11,
  monitored: 12,
  worst: { name: 'a_feature_with_a_long_name', part: 'distribution', size: 2.634, state: 'drift' },
  accuracy: 0.785,
  pending: 0,
  firing: 12,
  newlyDrifted: [
    {
      feature: 'precipitation',
      part: 'distribution',
      size: 2.63,
      limit: 0.2,
      detectable: 0.23,
      direction: 'category "Saturday in a long month" more frequent',
    },
    { feature: 'precipitation', part: 'tails', size: 0.021, limit: 0.005, detectable: 0.01, direction: 'higher' },
  ],
  alertChanges: [{ state: 'firing', feature: 'a_feature_with_a_long_name' }],
};

describe('the table of the demo', () => {
  it('fits into 80 columns at its widest', () => {
    expect(widest(headingLines(addresses, plain))).toBeLessThanOrEqual(80);
    expect(widest([productionLine(plain)])).toBeLessThanOrEqual(80);
    expect(widest([weekLine(worstWeek, plain), ...changeLines(worstWeek, plain)])).toBeLessThanOrEqual(80);
  });

  it('keeps every column under its heading', () => {
    const heading = headingLines(addresses, plain).at(-1) ?? '';
    const line = weekLine(worstWeek, plain);
    expect(line.indexOf('11 of 12')).toBe(heading.indexOf('drifted'));
    expect(line.indexOf('a_feature')).toBe(heading.indexOf('worst'));
    expect(line.indexOf('0.79')).toBe(heading.indexOf('accuracy'));
    expect(line.indexOf('12 FIRING') + '12 FIRING'.length).toBe(heading.length);
  });

  it('says held back where the rows have no date, and nothing where nothing is known', () => {
    const { start: _start, accuracy: _accuracy, p95Seconds: _p95, worst: _worst, ...unknown } = worstWeek;
    const line = weekLine({ ...unknown, firing: 0, pending: 0, newlyDrifted: [], alertChanges: [] }, plain);
    expect(line).toBe('  held back 12,345         11 of 12');
  });

  it('speaks of shares of rows where shares were judged', () => {
    expect(changeLines(worstWeek, plain)).toContain(
      '    ↳ precipitation is beyond all reference in 2.1 % of rows (limit 0.5 %)',
    );
    expect(
      weekLine({ ...worstWeek, worst: { name: 'seats', part: 'missing', size: 0.034, state: 'drift' } }, plain),
    ).toMatch(/seats {11}3\.4 % drift/);
  });

  it('counts false alarms on the rows held back, and what arrived, in lines of their own', () => {
    const summary = {
      windows: 44,
      driftedFeatures: 8,
      alerts: 1,
      heldBackWindows: 6,
      falseAlarms: 0,
      predictions: 52_800,
      arrived: { driftGauges: 572, driftChanges: 65, alertChanges: 2 },
      cost: { seconds: 5.9e-6, bytesAPeriod: 4_512 },
    };
    expect(summaryLines(summary, plain).slice(0, 4)).toEqual([
      '  44 windows · 8 features drifted · 1 alert · 52,800 predictions',
      '  0 false alarms on 6 held-back windows',
      '  arrived over OTLP: 572 drift gauges · 65 drift events · 2 alert events',
      '  cost of monitoring: 5.9 µs a prediction · 5 KB a period (a minute by default)',
    ]);
    expect(widest(summaryLines(summary, plain))).toBeLessThanOrEqual(80);
  });
});
