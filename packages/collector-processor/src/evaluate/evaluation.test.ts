import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededProfile } from '../../../../test/support/seeded-profile.ts';
import { fraudModel } from '../../../../test/support/units.ts';
import { alertEngine } from '../alert/alert-engine.ts';
import { contentOf, mergePanes, outcomesOf } from '../panes/pane-content.ts';
import type { HeldSeries, PaneContent, SeriesState } from '../panes/series-state.ts';
import { encodeHeld } from '../panes/state-codec.ts';
import type { Attributes } from '../receive/unit.ts';
import { captureReference, capturedReferences } from '../reference/captured.ts';
import { always } from '../reference/named-references.ts';
import { type ModelReferences, nothingToCompareWith, profileReferences } from '../reference/model-references.ts';
import { modelSettings, parseSettings } from '../settings.ts';
import { evaluate } from './evaluation.ts';
import { decodeEvaluationState, encodeEvaluationState, initialEvaluationState } from './evaluation-state.ts';
import { observationsOf } from './observations.ts';

const profile = seededProfile({ numericFeatures: 2, colours: { red: 1500, blue: 500 } });
const older = seededProfile({ numericFeatures: 1 });
const settings = parseSettings({
  text: 'rules: [{ when: drift }, { when: "missing > 5%", for: 2 windows }]',
  file: 'driftline.yaml',
  directory: '/',
  environment: {},
  readSecretFile: () => '',
});
const alerts = alertEngine(settings.rules);
const windowMs = 300_000;

describe('evaluation', () => {
  it('is a pure function of sealed panes: whoever repeats it gets the same bytes, and the panes stay as they are', () => {
    fc.assert(
      fc.property(panes, referencesOfAnyKind, fc.nat(), (panes, references, turn) => {
        const before = panes.map(bytesOf);
        const read = (turn: number) => panes.map((pane) => asStored(pane, turn));
        expect(bytesAfter(read(0), references)).toEqual(bytesAfter(read(0), references));
        expect(bytesAfter(read(turn), references)).toEqual(bytesAfter(read(0), references));
        expect(panes.map(bytesOf)).toEqual(before);
      }),
      { numRuns: 60 },
    );
  });

  it('says nothing that JSON could not keep, and every number is one', () => {
    fc.assert(
      fc.property(panes, referencesOfAnyKind, (panes, references) => {
        for (const { state, measurement } of evaluations(panes, references)) {
          expect(JSON.parse(JSON.stringify(measurement))).toEqual(measurement);
          const whole = { ...initialEvaluationState, ...state };
          expect(decodeEvaluationState(encodeEvaluationState(whole))).toEqual(whole);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('judges each feature and output of the window once, and nothing that only an earlier one saw', () => {
    fc.assert(
      fc.property(panes, referencesOfAnyKind, (panes, references) => {
        for (const [i, { measurement }] of evaluations(panes, references).entries()) {
          const told = measurement.features.map(({ role, name }) => `${role} ${name}`);
          const seen = observationsOf(panes[i]?.values() ?? []).map(({ role, name }) => `${role} ${name}`);
          expect(told.toSorted(byText)).toEqual(
            [...new Set(seen)].filter((one) => one !== 'output latency').toSorted(byText),
          );
        }
      }),
      { numRuns: 60 },
    );
  });

  it('leaves out what the settings ignore', () => {
    const own = { ...modelSettings(settings, 'fraud'), features: { x0: { ignore: true } } };
    const content = new Map([numeric('x0', 5), numeric('x1', 5)].map((held) => [held.series.key, held]));
    const [judged] = evaluations([content], profileReferences([profile]), own);
    expect(judged?.measurement.features.map(({ name }) => name)).toEqual(['x1']);
  });

  it('counts rows for fewer where the settings say that they come by the user', () => {
    const own = {
      ...modelSettings(settings, 'fraud'),
      drift: { ...settings.defaults.drift, rowsPerEntity: 20 },
    };
    const content = new Map([numeric('x0', 100)].map((held) => [held.series.key, held]));
    const [asOne, apart] = [own, modelSettings(settings, 'fraud')].map(
      (settings) => evaluations([content], profileReferences([profile]), settings)[0]?.measurement.features[0],
    );
    expect(apart).toMatchObject({ calibrated: false });
    expect(asOne).toMatchObject({ calibrated: true });
    expect(asOne?.detectableSize).toBeGreaterThan(apart?.detectableSize ?? Infinity);
  });

  it('counts them for fewer in data quality too', () => {
    const status = (status: string, value: number) =>
      held(
        'ml.feature.observations',
        { 'ml.feature.name': 'x0', 'ml.feature.observation.status': status },
        { kind: 'sum', value },
      );
    const content = new Map(
      [numeric('x0', 100), status('valid', 1900), status('missing', 500)].map((held) => [held.series.key, held]),
    );
    const own = modelSettings(settings, 'fraud');
    const [apart, asOne] = [{}, { rowsPerEntity: 100 }].map((known) => {
      const judged = { ...own, drift: { ...own.drift, ...known } };
      const [evaluated] = evaluations([content], profileReferences([profile]), judged);
      return evaluated?.measurement.quality?.find(({ rule }) => rule === 'missing');
    });
    expect(apart).toMatchObject({ state: 'violated' });
    expect(asOne).toMatchObject({ state: 'unjudged', why: expect.stringMatching(/too few rows/) });
  });

  it('lets a fixed limit decide and says so, and ends drift as ever, after three windows', () => {
    const own = {
      ...modelSettings(settings, 'fraud'),
      drift: { ...settings.defaults.drift, method: 'psi' as const, report: [], horizons: ['window' as const] },
    };
    const coloured = (category: string, value: number) =>
      held(
        'ml.feature.category.observations',
        { 'ml.feature.name': 'colour', 'ml.feature.category': category, 'ml.reference.id': profile.id },
        { kind: 'sum', value },
      );
    const panes = [750, 200, 750, 750, 750].map(
      (red) => new Map([coloured('red', red), coloured('blue', 1000 - red)].map((one) => [one.series.key, one])),
    );
    const states = evaluations(panes, profileReferences([profile]), own).map(({ measurement }) => measurement);
    expect(states.map(({ state }) => state)).toEqual(['ok', 'drift', 'drift', 'drift', 'ok']);
    expect(states[1]?.features[0]).toMatchObject({
      threshold: 0.25,
      scores: {},
      judgedBy: { summary: 'psi >= 0.25', limit: { method: 'psi', at: 0.25 } },
    });
  });

  it('judges the only pane of an hour, and windows as long as that, by themselves', () => {
    const own = {
      ...modelSettings(settings, 'fraud'),
      drift: { ...settings.defaults.drift, horizons: ['1h' as const] },
    };
    const content = new Map([numeric('x0', 5)].map((held) => [held.series.key, held]));
    const horizons = evaluations([content, content], profileReferences([profile]), own).map(
      ({ measurement }) => measurement.features[0]?.horizon,
    );
    expect(horizons).toEqual(['window', '1h']);
  });

  it('has too little data, not no reference, where outcomes are all there is', () => {
    const outcomes = held(
      'ml.prediction.outcome',
      {},
      {
        kind: 'outcomes',
        confusion: new Map([
          [
            'yes',
            new Map([
              ['yes', 3],
              ['no', 1],
            ]),
          ],
        ]),
        errors: { count: 0, sum: 0, absolute: 0, squared: 0 },
      },
    );
    const [judged] = evaluations([new Map([[outcomes.series.key, outcomes]])], profileReferences([profile]));
    expect(judged?.measurement).toMatchObject({ state: 'insufficient_data', rows: 0, features: [] });
    expect(judged?.measurement.performance).toMatchObject([{ metric: 'accuracy', value: 0.75, rows: 4 }]);
    expect(judged?.alertChanges).toEqual([]);
  });
});

/** Every pane after the other, each with the hour up to it. */
function evaluations(
  panes: readonly PaneContent[],
  references: ModelReferences,
  own = modelSettings(settings, 'fraud'),
): readonly ReturnType<typeof evaluate>[] {
  let state = initialEvaluationState;
  return panes.map((pane, i) => {
    const hour = panes.slice(Math.max(0, i - 11), i + 1);
    const result = evaluate({
      model: fraudModel,
      windowStart: i * windowMs,
      windowEnd: (i + 1) * windowMs,
      observations: {
        window: observationsOf(pane.values()),
        ...(hour.length > 1 && { '1h': observationsOf(mergePanes(hour).values()) }),
      },
      outcomes: outcomesOf(pane),
      security: {},
      samples: new Map(),
      lateRows: 0,
      references: [{ name: 'profile', id: '', at: always(references) }],
      settings: own,
      alerts,
      state,
    });
    state = { ...state, ...result.state };
    return result;
  });
}

function bytesAfter(panes: readonly PaneContent[], references: ModelReferences): string {
  return JSON.stringify(evaluations(panes, references));
}

/** The pane as it is read from a store, whatever order that hands out its series in. */
function asStored(pane: PaneContent, turn: number): PaneContent {
  const series = [...pane];
  const at = series.length === 0 ? 0 : turn % series.length;
  const states = new Map([...series.slice(at), ...series.slice(0, at)].map(([key, held]) => [key, encodeHeld(held)]));
  return contentOf([{ rev: 'r', states }]);
}

function bytesOf(pane: PaneContent): readonly string[] {
  return [...pane].map(([key, held]) => `${key} ${Buffer.from(encodeHeld(held)).toString('hex')}`);
}

function byText(one: string, other: string): number {
  return one < other ? -1 : 1;
}

const count = fc.nat(400);
const names = fc.constantFrom('x0', 'x1', 'colour', 'ghost', '__proto__', '');
const ids = fc.constantFrom(profile.id, older.id, '', 'sha256:0000000000000000');

const anySeries: fc.Arbitrary<HeldSeries> = fc.oneof(
  fc.tuple(names, ids, count).map(([name, id, rows]) => numeric(name, rows, id)),
  fc
    .record({ scale: fc.integer({ min: -2, max: 5 }), offset: fc.integer({ min: -40, max: 40 }), zeroCount: count })
    .chain(({ scale, offset, zeroCount }) =>
      fc.tuple(names, fc.array(count, { maxLength: 6 })).map(([name, counts]) =>
        held(
          'ml.feature.value',
          { 'ml.feature.name': name },
          {
            kind: 'exponential',
            scale,
            zeroCount,
            sum: 0,
            positive: { offset, counts: Float64Array.from(counts) },
            negative: { offset: 0, counts: new Float64Array() },
          },
        ),
      ),
    ),
  fc
    .tuple(names, ids, fc.constantFrom('red', 'blue', '_unseen', '__proto__'), count)
    .map(([name, id, category, rows]) =>
      held(
        'ml.feature.category.observations',
        { 'ml.feature.name': name, 'ml.feature.category': category, 'ml.reference.id': id },
        { kind: 'sum', value: rows },
      ),
    ),
  fc
    .tuple(names, fc.constantFrom('valid', 'missing', 'out_of_range', 'wrong_type'), count)
    .map(([name, status, rows]) =>
      held(
        'ml.feature.observations',
        { 'ml.feature.name': name, 'ml.feature.observation.status': status },
        { kind: 'sum', value: rows },
      ),
    ),
  fc.array(count, { minLength: 4, maxLength: 4 }).map((counts) =>
    held(
      'ml.output.value',
      { 'ml.output.name': 'latency' },
      {
        kind: 'histogram',
        edges: Float64Array.of(0.001, 0.01, 0.1),
        counts: Float64Array.from(counts),
        sum: 1,
      },
    ),
  ),
);

const panes: fc.Arbitrary<readonly PaneContent[]> = fc.array(
  fc.array(anySeries, { maxLength: 12 }).map((series) => new Map(series.map((held) => [held.series.key, held]))),
  { minLength: 1, maxLength: 4 },
);

const referencesOfAnyKind: fc.Arbitrary<ModelReferences> = fc.oneof(
  fc.constantFrom(profileReferences([profile]), profileReferences([profile, older]), nothingToCompareWith),
  fc
    .array(anySeries, { maxLength: 12 })
    .map((series) => capturedReferences(captureReference(observationsOf(series), 1000, 0))),
);

/** Rows on the edges of the profile, which is that of `x0` for features it does not know. */
function numeric(name: string, rows: number, id = profile.id): HeldSeries {
  const known = profile.features[name === 'x1' ? 'x1' : 'x0'];
  if (known?.kind !== 'numeric') throw new Error('x0 and x1 are numeric');
  const counts = Float64Array.from(known.counts, (inReference, i) => (i % 3 === 0 ? rows : inReference));
  return held(
    'ml.feature.value',
    { 'ml.feature.name': name, 'ml.reference.id': id },
    { kind: 'histogram', edges: Float64Array.from(known.edges), counts, sum: 0 },
  );
}

function held(metric: string, attributes: Attributes, state: SeriesState): HeldSeries {
  const key = JSON.stringify([metric, attributes, state.kind]);
  return { series: { key, metric, unit: '1', temporality: 'delta', attributes }, state };
}
