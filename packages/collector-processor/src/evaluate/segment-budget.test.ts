import {
  BucketEdges,
  EdgeHistogram,
  NumericReferenceCounter,
  type ReferenceProfile,
  referenceEdges,
  segmentFeature,
} from '@driftline/sketches';
import { describe, expect, it } from 'vitest';
import { normal, seededRandom } from '../../../../test/support/seeded-profile.ts';
import { fraudModel } from '../../../../test/support/units.ts';
import { alertEngine } from '../alert/alert-engine.ts';
import type { HeldSeries } from '../panes/series-state.ts';
import type { Attributes } from '../receive/unit.ts';
import { profileReferences } from '../reference/model-references.ts';
import { always } from '../reference/named-references.ts';
import { modelSettings, parseSettings } from '../settings.ts';
import { judge } from './drift/decision/judge.ts';
import { evaluate } from './evaluation.ts';
import { initialEvaluationState } from './evaluation-state.ts';
import { observationsOf } from './observations.ts';
import { readSegments } from './segment-observations.ts';

/** Each segment lies elsewhere: what is true of the whole is true of none of them. */
const segments = ['a', 'b', 'c', 'd', 'e', 'f'] as const;
const features = ['x', 'y', 'z'] as const;
const rowsOfSegment = { reference: 1000, window: 150 };

const settings = modelSettings(
  parseSettings({
    // As many as may be asked for, so that a simulation sees some: one window in a hundred.
    text: 'defaults: { segments: [plan], drift: { false_alarms_per_month: 1000, horizons: [window] } }',
    file: 'driftline.yaml',
    directory: '/',
    environment: {},
    readSecretFile: () => '',
  }),
  'fraud',
);
const LEVEL = 0.01;

describe('the budget of false alarms, with segments', { timeout: 240_000 }, () => {
  it('holds for the whole and all segments together, where judging each at the full level would overspend it', () => {
    const random = seededRandom(20261128);
    const windows = 1000;
    let alarms = 0;
    let alarmsOfEachAtFullLevel = 0;
    for (let window = 0; window < windows; window += 1) {
      // A new reference now and then: of one alone, chance would be in all windows the same.
      if (window % 10 === 0) reference = referenceOf(random);
      const held = windowOf(reference, random);
      alarms += isAlarm(reference, held) ? 1 : 0;
      alarmsOfEachAtFullLevel += isAlarmWithoutSharing(reference, held) ? 1 : 0;
    }
    // Of a Poisson with this mean, one in a thousand is above.
    const most = windows * LEVEL + 3.1 * Math.sqrt(windows * LEVEL);
    expect(alarms).toBeLessThanOrEqual(most);
    expect(alarmsOfEachAtFullLevel).toBeGreaterThan(windows * LEVEL);
  });
});

let reference: ReferenceProfile;

function valueOf(segment: string, random: () => number): number {
  return normal(random) + 2 * segments.findIndex((one) => one === segment);
}

function referenceOf(random: () => number): ReferenceProfile {
  const rows = rowsOfSegment.reference * segments.length;
  const columns = features.map((feature) => {
    const bySegment = segments.map((segment) => {
      return [segment, Float64Array.from({ length: rowsOfSegment.reference }, () => valueOf(segment, random))] as const;
    });
    const all = Float64Array.from(bySegment.flatMap(([, values]) => [...values]));
    const edges = referenceEdges(all);
    const count = (values: Float64Array) => {
      const counter = new NumericReferenceCounter(edges);
      for (const value of values) counter.record(value);
      return counter.reference(values.length);
    };
    return { feature, whole: count(all), own: new Map(bySegment.map(([name, values]) => [name, count(values)])) };
  });
  return {
    format: 'driftline.profile/1',
    // Its content is that of no file.
    id: 'sha256:0000000000000000',
    model: { name: 'fraud', version: '1' },
    rows,
    features: Object.fromEntries(columns.map(({ feature, whole }) => [feature, whole])),
    outputs: {},
    segments: {
      plan: Object.fromEntries(
        segments.map((segment) => {
          const own = columns.flatMap(({ feature, own }) => {
            const counted = own.get(segment);
            return counted === undefined ? [] : [[feature, segmentFeature(counted)] as const];
          });
          return [segment, { rows: rowsOfSegment.reference, features: Object.fromEntries(own), outputs: {} }];
        }),
      ),
    },
  };
}

/** Nothing has changed. */
function windowOf(profile: ReferenceProfile, random: () => number): readonly HeldSeries[] {
  return features.flatMap((feature) => {
    const known = profile.features[feature];
    if (known?.kind !== 'numeric') throw new Error('numeric');
    const edges = BucketEdges.of(known.edges);
    const whole = new EdgeHistogram(edges);
    const apart = segments.map((segment) => {
      const own = new EdgeHistogram(edges);
      own.recordAll(Float64Array.from({ length: rowsOfSegment.window }, () => valueOf(segment, random)));
      whole.merge(own);
      return histogram(own, { 'ml.segment.name': 'plan', 'ml.segment.value': segment });
    });
    const about = { 'ml.feature.name': feature, 'ml.reference.id': profile.id };
    return [histogram(whole, {}), ...apart].map(({ state, attributes }): HeldSeries => {
      const named = { ...about, ...attributes };
      return {
        series: {
          key: JSON.stringify(named),
          metric: 'ml.feature.value',
          unit: '1',
          temporality: 'delta',
          attributes: named,
        },
        state,
      };
    });
  });
}

function histogram({ edges, counts }: EdgeHistogram, attributes: Attributes) {
  return { attributes, state: { kind: 'histogram', edges: edges.values, counts, sum: 0 } as const };
}

function isAlarm(profile: ReferenceProfile, held: readonly HeldSeries[]): boolean {
  const { measurement } = evaluate({
    model: fraudModel,
    windowStart: 0,
    windowEnd: 300_000,
    observations: { window: observationsOf(held) },
    segments: segmentsIn(held),
    outcomes: { confusion: new Map(), errors: { count: 0, sum: 0, absolute: 0, squared: 0 } },
    security: {},
    samples: new Map(),
    lateRows: 0,
    references: [{ name: 'profile', id: profile.id, at: always(profileReferences([profile])) }],
    settings,
    alerts: alertEngine([]),
    state: initialEvaluationState,
  });
  const judged = [...measurement.features, ...(measurement.segments ?? []).flatMap((one) => one.features)];
  if (judged.length !== features.length * (segments.length + 1)) throw new Error('everything is judged');
  // What the level is about; that a change is also large makes alarms rarer still.
  return judged.some(({ pAdjusted }) => pAdjusted < LEVEL / 2);
}

function segmentsIn(held: readonly HeldSeries[]) {
  return readSegments({ window: held, hour: undefined }, { names: ['plan'], limit: 20, hasReference: () => true });
}

function isAlarmWithoutSharing(profile: ReferenceProfile, held: readonly HeldSeries[]): boolean {
  const references = profileReferences([profile]);
  return [observationsOf(held), ...segmentsIn(held).apart.map(({ observations }) => observations)].some(
    (observations) =>
      judge({
        features: observations.map((observed) => ({ name: observed.name, ...references.compare(observed) })),
        alpha: LEVEL,
        methods: [],
      }).some(({ parts }) => parts.some(({ pAdjusted }) => pAdjusted < LEVEL)),
  );
}
