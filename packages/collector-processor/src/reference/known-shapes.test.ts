import { type CategoricalReference, profileFormat, withProfileId } from '@driftline/sketches';
import { describe, expect, it } from 'vitest';
import { knownShapes, nothingKnown, withOrders } from './known-shapes.ts';
import type { ReferenceSubject } from './reference-subject.ts';
import { slotScatter } from './slot-scatter.ts';

const order = ['low', 'medium', 'high'];
const grade: CategoricalReference = {
  kind: 'categorical',
  categories: { low: 5, medium: 3, high: 2 },
  missing: 0,
  phi: 1,
};
const profile = withProfileId({
  format: profileFormat,
  model: { name: 'credit', version: '1' },
  rows: 10,
  features: { grade, other: { ...grade, order } },
  outputs: { class: grade },
  calibration: { c: 50, m: 100, pooled: 1.8 },
});

describe('the order of a feature', () => {
  it('is that of the settings, and else that of the current profile', () => {
    const older = withProfileId({ ...profile, features: { grade: { ...grade, order: order.toReversed() } } });
    const { order: orderOf } = knownShapes([profile, older], { class: { order }, absent: {} });
    expect(['grade', 'other', 'class', 'absent'].map(orderOf)).toEqual([undefined, order, order, undefined]);
  });

  it('goes into the profile, whose id senders have; dependence along it is that of other features', () => {
    const { features, outputs, id } = withOrders(profile, { class: { order }, other: { order: ['low', 'high'] } });
    expect(id).toBe(profile.id);
    expect(outputs['class']).toMatchObject({ order, phi: 1.8 });
    expect(features['other']).toMatchObject({ order: ['low', 'high'] });
    expect(features['grade']).toEqual(grade);
  });

  it('raises the dependence of a segment to that of its own features, and leaves alone what was not measured', () => {
    const segment = { rows: 10, features: { grade, other: grade }, outputs: { class: grade } };
    const { phi: _, ...unmeasured } = grade;
    const segmented = withProfileId({
      ...profile,
      segments: {
        country: {
          DE: { ...segment, calibration: { c: 50, m: 20, pooled: 2.5 } },
          FR: { ...segment, features: { grade: unmeasured }, outputs: {} },
        },
      },
    });
    const { DE, FR } = withOrders(segmented, { grade: { order }, class: { order } }).segments?.['country'] ?? {};
    expect(DE?.features['grade']).toEqual({ ...grade, phi: 2.5 });
    expect(DE?.features['other']).toEqual(grade);
    expect(DE?.outputs['class']).toEqual({ ...grade, phi: 2.5 });
    expect(FR?.features['grade']).toEqual(unmeasured);
  });

  it('is what the days of a season are seen to wander along', () => {
    const wander = [0, 30, -30, 60, -60, 20, -20].map((move): ReferenceSubject => {
      return {
        role: 'feature',
        name: 'grade',
        missing: 0,
        distributions: [],
        categories: { low: 300 - move, medium: 400, high: 300 + move, _other: 5 },
      };
    });
    const [pooled = wander[0]!] = wander;
    const phiOf = ([phi = 0, , free = 1]: readonly number[]) => phi / free;
    const withOrder = slotScatter(pooled, wander, { ...nothingKnown, order: () => order });
    expect(phiOf(withOrder.location)).toBeGreaterThan(2 * phiOf(withOrder.table));
    expect(slotScatter(pooled, wander, nothingKnown).location).toEqual([0, 0, 0]);
  });
});
