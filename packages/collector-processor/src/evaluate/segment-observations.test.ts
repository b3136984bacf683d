import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SeriesCensus } from '../panes/series-census.ts';
import type { HeldSeries } from '../panes/series-state.ts';
import type { Attributes } from '../receive/unit.ts';
import { readSegments, segmentsOf } from './segment-observations.ts';

function rowsOf(rows: number, attributes: Attributes, metric = 'ml.feature.observations'): HeldSeries {
  const named = { 'ml.feature.name': 'age', 'ml.feature.observation.status': 'valid', ...attributes };
  const key = JSON.stringify([metric, named]);
  return {
    series: { key, metric, unit: '1', temporality: 'delta', attributes: named },
    state: { kind: 'sum', value: rows },
  };
}

const ofCountry = (value: string | number, rows = 100) =>
  rowsOf(rows, { 'ml.segment.name': 'country', 'ml.segment.value': value });
const choice = { names: ['country'], limit: 3, hasReference: ({ value }: { value: string }) => value === 'small' };
const read = (held: readonly HeldSeries[]) => readSegments({ window: held, hour: undefined }, choice);
const told = (held: readonly HeldSeries[]) => read(held).apart.map(({ value, rows }) => [value, rows]);

describe('the segments of a window', () => {
  it('are those that have a reference, then the largest, and the rest together', () => {
    const held = [
      ofCountry('a', 50),
      ofCountry('b', 70),
      ofCountry('c', 60),
      ofCountry('small', 1),
      ofCountry('_other', 5),
    ];
    expect(told(held)).toEqual([
      ['b', 70],
      ['c', 60],
      ['small', 1],
      ['_other', 55],
    ]);
    expect(read(held).folded).toEqual(new Map([['country', ['a']]]));
    expect(read(held).observations.window?.map(({ segment }) => segment?.value)).toEqual(['small']);
  });

  it('are none for an attribute that is absent, empty or not chosen, and `_other` for a value without end', () => {
    expect(told([rowsOf(9, {}), ofCountry('', 9), rowsOf(9, { 'ml.segment.name': 'country' })])).toEqual([]);
    expect(told([rowsOf(9, { 'ml.segment.name': 'tenant', 'ml.segment.value': 'a' })])).toEqual([]);
    expect(told([ofCountry('x'.repeat(101), 9), ofCountry('y'.repeat(5000), 1)])).toEqual([['_other', 10]]);
    expect(told([ofCountry(7, 3)])).toEqual([['7', 3]]);
  });

  it('lose no row and know no more values than they may, whatever is sent, in whatever order', () => {
    const values = fc.oneof(
      fc.constantFrom('small', '_other', '__proto__', 'constructor'),
      fc.string({ maxLength: 120 }),
    );
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(values, fc.nat(500)), { selector: ([value]) => value }), (sent) => {
        const held = sent.map(([value, rows]) => ofCountry(value, rows));
        const { apart, folded } = read(held);
        const named = apart.filter(({ value }) => value !== '_other');
        expect(named.length).toBeLessThanOrEqual(3);
        const rows = held.filter(({ series }) => series.attributes['ml.segment.value'] !== '');
        expect(apart.reduce((sum, segment) => sum + segment.rows, 0)).toBe(
          rows.reduce((sum, { state }) => sum + (state.kind === 'sum' ? state.value : 0), 0),
        );
        expect(read(held.toReversed())).toEqual({ apart, folded, observations: read(held).observations });
      }),
    );
  });

  it('are told of the hour too, but only those that the window has', () => {
    const { observations } = readSegments(
      { window: [ofCountry('small')], hour: [ofCountry('small', 500), ofCountry('gone', 500)] },
      { ...choice, hasReference: () => true },
    );
    expect(observations['1h']?.map(({ segment }) => segment?.value)).toEqual(['small']);
  });

  it('have their own outcomes', () => {
    const outcome = (value: string): HeldSeries => ({
      ...rowsOf(0, { 'ml.segment.name': 'country', 'ml.segment.value': value }, 'ml.prediction.outcome'),
      state: {
        kind: 'outcomes',
        confusion: new Map([['yes', new Map([['no', 2]])]]),
        errors: { count: 0, sum: 0, absolute: 0, squared: 0 },
      },
    });
    const [segment] = segmentsOf([outcome('DE')], ['country']);
    expect(segment).toMatchObject({ value: 'DE', rows: 0, observations: [] });
    expect(segment?.outcomes.confusion.get('yes')?.get('no')).toBe(2);
  });
});

describe('a pane', () => {
  const limits = { features: 10, categories: 3, segments: 2, series: 1000, cumulativeStreams: 10 };
  const admitted = (held: readonly HeldSeries[]) => {
    const census = new SeriesCensus(limits);
    return held.map(({ series }) => census.admit(series.key, series)).filter((one) => one !== 'over_limit').length;
  };

  it('holds the values of several senders, and refuses values without end', () => {
    expect(admitted(Array.from({ length: 3000 }, (_, i) => ofCountry(`v${i}`)))).toBe(10);
    expect(
      admitted(
        Array.from({ length: 50 }, (_, i) => rowsOf(1, { 'ml.segment.name': `n${i}`, 'ml.segment.value': 'a' })),
      ),
    ).toBe(10);
  });

  it('counts categories by segment: those of one leave those of another their place', () => {
    const category = (segment: string, name: string) =>
      rowsOf(
        1,
        { 'ml.segment.name': 'country', 'ml.segment.value': segment, 'ml.feature.category': name },
        'ml.feature.category.observations',
      );
    const census = new SeriesCensus(limits);
    const held = ['DE', 'FR'].flatMap((country) => ['a', 'b', 'c'].map((name) => category(country, name)));
    expect(held.map(({ series }) => census.admit(series.key, series) === series)).toEqual(held.map(() => true));
    const { series } = category('DE', 'd');
    expect(census.admit(series.key, series)).toMatchObject({ attributes: { 'ml.feature.category': '_other' } });
  });
});
