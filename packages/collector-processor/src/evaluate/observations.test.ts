import { describe, expect, it } from 'vitest';
import type { HeldSeries, SeriesState } from '../panes/series-state.ts';
import type { Attributes } from '../receive/unit.ts';
import { observationsOf, totalRows, usableRows } from './observations.ts';

const rows = (value: number): SeriesState => ({ kind: 'sum', value });
const onEdges = (edges: readonly number[], counts: readonly number[], sum = 0): SeriesState => ({
  kind: 'histogram',
  edges: Float64Array.from(edges),
  counts: Float64Array.from(counts),
  sum,
});
const value = (name: string, state: SeriesState, more: Attributes = {}) =>
  held('ml.feature.value', { 'ml.feature.name': name, 'ml.reference.id': 'r1', ...more }, state);
const status = (name: string, status: string, count: number, more: Attributes = {}) =>
  held(
    'ml.feature.observations',
    { 'ml.feature.name': name, 'ml.feature.observation.status': status, ...more },
    rows(count),
  );

describe('what sealed panes say', () => {
  it('is sorted by feature and output, with the rows by status beside the distribution', () => {
    const observations = observationsOf([
      status('pay', 'valid', 4),
      held('ml.output.value', { 'ml.output.name': 'score', 'ml.reference.id': 'r1' }, onEdges([0.5], [1, 2])),
      held(
        'ml.output.observations',
        { 'ml.output.name': 'score', 'ml.feature.observation.status': 'not_a_number' },
        rows(7),
      ),
      value('age', onEdges([1, 2], [1, 1, 1])),
      status('age', 'valid', 3),
      status('age', 'missing', 2),
    ]);
    expect(observations.map(({ role, name }) => [role, name])).toEqual([
      ['feature', 'age'],
      ['feature', 'pay'],
      ['output', 'score'],
    ]);
    const [age, pay, score] = observations;
    expect(age?.statuses).toEqual(
      new Map([
        ['valid', 3],
        ['missing', 2],
      ]),
    );
    expect(age?.distributions.get('none')).toEqual(onEdges([1, 2], [1, 1, 1]));
    expect([pay?.referenceId, pay && usableRows(pay)]).toEqual(['', 0]);
    expect(score?.statuses).toEqual(new Map([['not_a_number', 7]]));
    expect(totalRows(observations)).toBe(7);
  });

  it('leaves out segments, which are parts of a whole that is told beside them', () => {
    const segment = { 'ml.segment.name': 'region', 'ml.segment.value': 'north' };
    const [age, ...others] = observationsOf([
      value('age', onEdges([1], [5, 5])),
      value('age', onEdges([1], [5, 0]), segment),
      status('age', 'valid', 10),
      status('age', 'valid', 5, segment),
    ]);
    expect(others).toEqual([]);
    expect(age?.statuses).toEqual(new Map([['valid', 10]]));
    expect(age && usableRows(age)).toBe(10);
  });

  it('keeps what was counted against each reference apart, but not the rows by status', () => {
    const observations = observationsOf([
      value('age', onEdges([1], [5, 5])),
      value('age', onEdges([2], [1, 2]), { 'ml.reference.id': 'r2' }),
      status('age', 'valid', 13),
      status('age', 'missing', 1),
    ]);
    expect(observations.map((one) => [one.referenceId, usableRows(one), one.statuses.get('missing')])).toEqual([
      ['r1', 10, 1],
      ['r2', 3, 1],
    ]);
    expect(totalRows(observations)).toBe(14);
  });

  it('still tells of a feature of which every row is missing', () => {
    expect(observationsOf([status('age', 'missing', 9)])).toMatchObject([
      { role: 'feature', name: 'age', referenceId: '', statuses: new Map([['missing', 9]]) },
    ]);
  });

  it('adds up series that senders made several by attributes of their own', () => {
    const [age] = observationsOf([
      value('age', onEdges([1, 2], [1, 2, 3], 4), { host: 'a' }),
      value('age', onEdges([1, 2], [10, 20, 30], 40), { host: 'b' }),
    ]);
    expect(age?.distributions.get('none')).toEqual(onEdges([1, 2], [11, 22, 33], 44));

    const [colour] = observationsOf([category('colour', 'red', 1, { host: 'a' }), category('colour', 'red', 2)]);
    expect(colour?.categories).toEqual(new Map([['red', 3]]));
  });

  it('takes the larger where edges differ though the reference is said to be one', () => {
    const few = value('age', onEdges([1, 3], [1, 1, 1]));
    const many = value('age', onEdges([1, 2], [10, 20, 30]), { host: 'b' });
    for (const held of [
      [few, many],
      [many, few],
    ]) {
      expect(observationsOf(held)[0]?.distributions.get('none')).toEqual(onEdges([1, 2], [10, 20, 30]));
    }
  });

  it('has the projections of an embedding side by side', () => {
    const [text] = observationsOf(
      [1, 0, -1].map((projection) =>
        value('text', onEdges([0], [projection + 2, 1]), { 'ml.feature.projection': projection }),
      ),
    );
    expect([...(text?.distributions.keys() ?? [])]).toEqual([1, 0, -1]);
    expect(text && usableRows(text)).toBe(4);
  });

  it('is nothing where nothing is a feature or an output, or nobody says which', () => {
    expect(
      observationsOf([
        held('ml.prediction.duration', { 'ml.feature.name': 'age' }, onEdges([1], [1, 1])),
        held('ml.feature.value', {}, onEdges([1], [1, 1])),
      ]),
    ).toEqual([]);
    expect(totalRows([])).toBe(0);
  });
});

function category(name: string, category: string, count: number, more: Attributes = {}): HeldSeries {
  const attributes = { 'ml.feature.name': name, 'ml.feature.category': category, ...more };
  return held('ml.feature.category.observations', attributes, rows(count));
}

function held(metric: string, attributes: Attributes, state: SeriesState): HeldSeries {
  const key = JSON.stringify([metric, attributes, state.kind]);
  return { series: { key, metric, unit: '1', temporality: 'delta', attributes }, state };
}
