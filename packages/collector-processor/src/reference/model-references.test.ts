import { categoricalReference, withProfileId } from '@driftline/sketches';
import { describe, expect, it } from 'vitest';
import { seededProfile } from '../../../../test/support/seeded-profile.ts';
import type { Observations } from '../evaluate/observations.ts';
import { missingRows, profileReferences, unknownReference } from './model-references.ts';

const { id: _id, ...content } = seededProfile({ numericFeatures: 2, colours: { red: 1500, blue: 500 } });
const current = withProfileId({
  ...content,
  outputs: {
    class: categoricalReference(
      new Map([
        ['yes', 1200],
        ['no', 800],
      ]),
      2000,
    ),
  },
});
const older = withProfileId({ ...content, features: { x0: current.features['x1']! } });
const references = profileReferences([current, older]);

describe('profiles as references', () => {
  it('are found by the id that the points carry', () => {
    expect(references.compare(numeric('x0', current.id))).toMatchObject({
      referenceId: current.id,
      reference: current.features['x0'],
    });
    expect(references.compare(numeric('x0', older.id, edgesOf('x1')))).toMatchObject({
      referenceId: older.id,
      reference: older.features['x0'],
    });
  });

  it('are none where the id is unknown, the feature is, or the edges are not those of the profile', () => {
    for (const [name, id, edges] of [
      ['x0', 'sha256:0000000000000000', edgesOf('x0')],
      ['x0', '', edgesOf('x0')],
      ['unheard_of', current.id, edgesOf('x0')],
      ['x0', current.id, edgesOf('x1')],
      ['toString', current.id, edgesOf('x0')],
    ] as const)
      expect(references.compare(numeric(name, id, edges)).reference).toBeUndefined();
  });

  it('are the current one for the classes of an output, which name none', () => {
    const classes = observed({
      role: 'output',
      name: 'class',
      categories: new Map([
        ['yes', 60],
        ['no', 40],
      ]),
    });
    expect(references.compare(classes)).toMatchObject({
      referenceId: current.id,
      reference: current.outputs['class'],
      current: { kind: 'categorical', missing: 0 },
    });
    expect(unknownReference([current, older], [classes])).toBeUndefined();
  });

  it('are the current one for a feature that is wholly missing, on its buckets', () => {
    const compared = references.compare(observed({ name: 'x0', statuses: new Map([['missing', 30]]) }));
    expect(compared).toMatchObject({ reference: current.features['x0'], current: { kind: 'numeric', missing: 30 } });
  });

  it('are missed by whoever counts against another one, if the profile knows the feature', () => {
    const stranger = numeric('x1', 'sha256:0000000000000000');
    expect(unknownReference([current, older], [numeric('x0', older.id), stranger])).toBe(stranger);
    expect(unknownReference([current], [numeric('unheard_of', ''), numeric('x0', current.id)])).toBeUndefined();
    expect(unknownReference([], [stranger])).toBeUndefined();
  });
});

describe('rows without a usable value', () => {
  it('are missing ones, those of the wrong type, and those that are no number', () => {
    const statuses = new Map([
      ['valid', 5],
      ['missing', 1],
      ['not_a_number', 2],
      ['wrong_type', 4],
      ['unexpected', 8],
    ]);
    expect(missingRows(observed({ statuses }))).toBe(7);
  });

  it('are shared out over the references, since nobody says to which they belong', () => {
    const statuses = new Map([
      ['valid', 900],
      ['out_of_range', 60],
      ['unseen', 40],
      ['missing', 100],
    ]);
    const categories = (count: number) => observed({ categories: new Map([['red', count]]), statuses });
    expect([categories(1000), categories(750), categories(250)].map(missingRows)).toEqual([100, 75, 25]);
  });
});

function edgesOf(name: string): readonly number[] {
  const reference = current.features[name];
  if (reference?.kind !== 'numeric') throw new Error(`${name} is not numeric`);
  return reference.edges;
}

function numeric(name: string, referenceId: string, edges = edgesOf('x0')): Observations {
  const counts = new Float64Array(edges.length + 1).fill(2);
  const distribution = { kind: 'histogram', edges: Float64Array.from(edges), counts, sum: 0 } as const;
  return observed({ name, referenceId, distributions: new Map([['none', distribution]]) });
}

function observed(more: Partial<Observations>): Observations {
  return {
    role: 'feature',
    name: 'colour',
    referenceId: '',
    distributions: new Map(),
    categories: new Map(),
    statuses: new Map(),
    ...more,
  };
}
