import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EdgeHistogram } from './edge-histogram.ts';
import { type FeatureDefinitions, FeatureProfile } from './feature-profile.ts';
import type { FeatureSketch } from './feature-sketch.ts';
import { NumericReferenceCounter } from './numeric-reference.ts';
import { referenceEdges } from './reference-edges.ts';
import type { NumericReference } from './reference-profile.ts';

const numbers = Array.from({ length: 200 }, (_, i) => i);

function numeric(values: readonly number[]): NumericReference {
  const counter = new NumericReferenceCounter(referenceEdges(values));
  for (const value of values) counter.record(value);
  return counter.reference(values.length);
}

const definitions = {
  age: numeric(numbers),
  hours: numeric(numbers.map((x) => x / 10)),
  state: { kind: 'categorical', categories: { CA: 150, NY: 50 }, missing: 0 },
} satisfies FeatureDefinitions;

const statusesOf = (profile: FeatureProfile, name: string) =>
  Object.fromEntries(Object.entries(profile.features.get(name)?.statuses ?? {}).filter(([, rows]) => rows > 0));

const bucketsOf = (sketch: FeatureSketch | undefined): number[] =>
  sketch?.kind === 'numeric' && sketch.distribution instanceof EdgeHistogram ? [...sketch.distribution.counts] : [];
const categoriesOf = (sketch: FeatureSketch | undefined) =>
  sketch?.kind === 'categorical' ? [...sketch.categories.counts] : [];

describe('feature profile', () => {
  it('gives every value of a defined feature its status', () => {
    const profile = new FeatureProfile(definitions);
    const ages = [17, NaN, Infinity, null, undefined, '17', {}, true, -1, 200, 17n, new Date(100)];
    for (const age of ages) profile.record({ age });
    expect(statusesOf(profile, 'age')).toEqual({
      valid: 3,
      not_a_number: 2,
      missing: 2,
      wrong_type: 3,
      out_of_range: 2,
    });
    expect(profile.features.get('age')).toMatchObject({ distribution: { count: 5, notFinite: 2 } });
    for (const state of ['CA', 'NY', 'TX', true, 7, NaN, null, ['CA']]) profile.record({ state });
    expect(statusesOf(profile, 'state')).toEqual({
      valid: 2,
      unseen: 3,
      not_a_number: 1,
      missing: ages.length + 1,
      wrong_type: 1,
    });
    expect(profile.rows).toBe(ages.length + 8);
  });

  it('counts what is out of range in the tails of the distribution', () => {
    const profile = new FeatureProfile(definitions);
    profile.recordColumn('age', [-5, 500, 500]);
    const counts = bucketsOf(profile.features.get('age'));
    expect([counts.at(0), counts.at(-1)]).toEqual([1, 2]);
  });

  it('finds a feature missing from a row, even one that objects inherit', () => {
    const inherited = ['constructor', 'toString'].map((name) => [name, { kind: 'numeric' }] as const);
    const profile = new FeatureProfile({ ...definitions, ...Object.fromEntries(inherited) });
    profile.record({ age: 3 });
    for (const name of ['hours', 'state', 'constructor', 'toString'])
      expect(statusesOf(profile, name)).toEqual({ missing: 1 });
    expect(profile.unexpected.size).toBe(0);
  });

  it('counts the same whatever the order of keys, and whatever rows leave out or add', () => {
    const values = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'unknown'), fc.option(fc.integer({ min: 0, max: 9 })));
    fc.assert(
      fc.property(fc.array(values, { maxLength: 20 }), (rows) => {
        const profile = new FeatureProfile({ a: { kind: 'numeric' }, b: { kind: 'numeric' }, c: { kind: 'numeric' } });
        for (const row of rows) profile.record(row);
        for (const [name, { statuses }] of profile.features) {
          const valid = rows.filter((row) => typeof row[name] === 'number').length;
          expect([statuses.valid, statuses.missing]).toEqual([valid, rows.length - valid]);
        }
        const unknown = rows.filter((row) => typeof row.unknown === 'number').length;
        expect(profile.unexpected.get('unknown') ?? 0).toBe(unknown);
      }),
    );
  });

  it('counts features that nothing defines, by at most 20 names', () => {
    const profile = new FeatureProfile(definitions);
    profile.record({ age: 1, agee: 2 });
    profile.record({ agee: 2, empty: null });
    expect(profile.unexpected).toEqual(new Map([['agee', 2]]));
    for (let i = 0; i < 100; i++) profile.record({ [`user-${i}`]: 1 });
    expect(profile.unexpected.size).toBe(21);
    expect([...profile.unexpected.values()].reduce((sum, rows) => sum + rows, 0)).toBe(102);
    expect(profile.features.size).toBe(3);
  });

  it('learns features from the rows where none is defined, up to its bound', () => {
    const profile = new FeatureProfile({}, { maxFeatures: 3 });
    profile.record({ later: null, x: 1.5, city: 'Oslo', text: [1, 2, 3] });
    profile.record({ later: 7, x: 2.5, city: 'Rome', text: [1, 2] });
    expect([...profile.features].map(([name, { kind }]) => [name, kind])).toEqual([
      ['x', 'numeric'],
      ['city', 'categorical'],
      ['text', 'embedding'],
    ]);
    expect(statusesOf(profile, 'city')).toEqual({ valid: 2 });
    expect(profile.features.get('city')).toMatchObject({ categories: { counts: new Map([['_unseen', 2]]) } });
    expect(statusesOf(profile, 'text')).toEqual({ valid: 1, wrong_type: 1 });
    expect(profile.unexpected).toEqual(new Map([['later', 1]]));
  });

  it('records categories by name where that is asked for', () => {
    const profile = new FeatureProfile({ city: { kind: 'categorical', unknown: 'record', limit: 1 } });
    for (const city of ['Oslo', 'Rome']) profile.record({ city });
    expect(profile.features.get('city')).toMatchObject({
      categories: {
        counts: new Map([
          ['Oslo', 1],
          ['_other', 1],
        ]),
      },
    });
  });

  it('counts columns as it counts rows', () => {
    const value = fc.oneof(fc.constantFrom(null, undefined, NaN, 'CA', 'TX', true), fc.integer({ min: -5, max: 250 }));
    fc.assert(
      fc.property(fc.array(fc.record({ age: value, hours: value, state: value }), { maxLength: 60 }), (rows) => {
        const [byRow, byColumn] = [new FeatureProfile(definitions), new FeatureProfile(definitions)];
        for (const row of rows) byRow.record(row);
        byColumn.recordColumns({
          age: rows.map(({ age }) => age),
          hours: rows.map(({ hours }) => hours),
          state: rows.map(({ state }) => state),
        });
        for (const [name, sketch] of byRow.features) {
          expect(byColumn.features.get(name)?.statuses).toEqual(sketch.statuses);
        }
        expect(byColumn.coMoments).toEqual(byRow.coMoments);
      }),
    );
  });

  it('finds features without a column, and the end of a short one, missing', () => {
    const profile = new FeatureProfile(definitions);
    profile.recordColumns({ age: [1, 2, 3], hours: Float64Array.of(1), other: ['a'] });
    expect(statusesOf(profile, 'age')).toEqual({ valid: 3 });
    expect(statusesOf(profile, 'hours')).toEqual({ valid: 1, missing: 2 });
    expect(statusesOf(profile, 'state')).toEqual({ missing: 3 });
    expect([profile.rows, profile.unexpected.get('other')]).toEqual([3, 1]);
  });

  it('takes one complete row in 16 into the co-moments', () => {
    const profile = new FeatureProfile(definitions);
    for (let i = 0; i < 33; i++) profile.record({ age: i, hours: i === 16 ? null : i / 10, state: 'CA' });
    expect(profile.coMoments).toMatchObject({ count: 2, incomplete: 1 });
    expect(profile.coMoments?.features.map(({ name }) => name)).toEqual(['age', 'hours']);
    expect(new FeatureProfile(definitions, { coMomentsEvery: 0 }).coMoments).toBeUndefined();
    expect(new FeatureProfile({ age: definitions.age }).coMoments).toBeUndefined();
  });

  it('merges to what recording both would have counted', () => {
    const row = fc.record({
      age: fc.integer({ min: -5, max: 250 }),
      state: fc.constantFrom('CA', 'TX', null),
      extra: fc.constantFrom('a', 1),
    });
    fc.assert(
      fc.property(fc.array(row), fc.array(row), (xs, ys) => {
        const whole = new FeatureProfile(definitions);
        const [first, second] = [whole.blank(), whole.blank()];
        for (const x of [...xs, ...ys]) whole.record(x);
        for (const x of xs) first.record(x);
        for (const y of ys) second.record(y);
        first.merge(second);
        for (const [name, sketch] of whole.features) {
          const merged = first.features.get(name);
          expect(merged?.statuses).toEqual(sketch.statuses);
          expect(bucketsOf(merged)).toEqual(bucketsOf(sketch));
          expect(categoriesOf(merged)).toEqual(categoriesOf(sketch));
        }
        expect(first.unexpected).toEqual(whole.unexpected);
      }),
    );
  });

  it('refuses to merge other edges and stays as it was', () => {
    const profile = new FeatureProfile(definitions);
    const other = new FeatureProfile({ ...definitions, hours: numeric(numbers) });
    other.record({ age: 1, hours: 1 });
    expect(() => profile.merge(other)).toThrow('feature "hours": its sketches differ in kind or edges');
    expect(profile.rows).toBe(0);
  });

  it('names the features that had a value outside the reference or the declared categories', () => {
    const profile = new FeatureProfile({ age: numeric(numbers), state: { kind: 'categorical', categories: ['CA'] } });
    profile.record({ age: 199, state: 'CA', text: 'x' });
    profile.record({ age: null, state: undefined });
    profile.record({ age: Number.NaN, state: 3 });
    expect([...profile.outside]).toEqual(['state']);
    profile.outside.clear();
    profile.record({ age: 200, state: 'CA' });
    expect([...profile.outside]).toEqual(['age']);
    const blank = profile.blank();
    blank.recordColumn('state', ['NY']);
    expect([...blank.outside]).toEqual(['state']);
  });

  it('is as new after clear(), and its blank copy holds nothing', () => {
    const profile = new FeatureProfile({ ...definitions, text: { kind: 'embedding' } });
    profile.record({ age: 1, text: [1, 2], extra: 1 });
    const blank = profile.blank();
    profile.clear();
    for (const empty of [profile, blank]) {
      expect([empty.rows, empty.unexpected.size, empty.coMoments?.count]).toEqual([0, 0, 0]);
      expect(statusesOf(empty, 'age')).toEqual({});
    }
    blank.record({ text: [1] });
    expect(statusesOf(blank, 'text')).toEqual({ wrong_type: 1 });
  });
});
