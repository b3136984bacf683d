import { trace } from '@opentelemetry/api';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { withProfileId } from '@driftline/sketches';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { seededProfile } from '../../../test/support/seeded-profile.ts';
import { monitorModel } from './monitor-model.ts';
import { rowAnomalies } from './row-anomalies.ts';
import { type Captured, captureDriftline } from './testing.ts';

const profile = seededProfile({ numericFeatures: 4, outputs: ['score'] });
const ordinary = { x0: 0.1, x1: -0.2, x2: 0.3, x3: 0 };
/** Within the range of each feature. */
const odd = { x0: 2.5, x1: -0.2, x2: 3.1, x3: 0 };

describe('a monitor with row anomalies', () => {
  const exporter = new InMemorySpanExporter();
  let seen: Captured;

  beforeEach(() => {
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }));
    seen = captureDriftline();
    // The first call of a process has its span whatever the ratio.
    monitorModel({ name: 'first' }).wrap(() => 1, { features: () => ({}) })();
    exporter.reset();
  });

  afterEach(() => {
    seen[Symbol.dispose]();
    trace.disable();
    vi.restoreAllMocks();
  });

  const score = (row: object) => ({ score: Object.keys(row).length / 10 });
  const attributes = () => exporter.getFinishedSpans().map((span) => span.attributes);

  it('puts score and feature names on the span of a row, and the score into a distribution', () => {
    const predict = monitorModel({ profile, anomalies: rowAnomalies }).wrap(score, { features: (row) => ({ ...row }) });
    predict(ordinary);
    predict(odd);
    const [first, second] = attributes();
    expect(first?.['ml.prediction.anomaly_score']).toBeLessThan(0.5);
    expect(second?.['ml.prediction.anomaly_score']).toBeCloseTo(Math.hypot(2.5, 3.1, 0.2) / 2, 0);
    expect(second?.['ml.prediction.anomaly_features']).toEqual(['x2', 'x0', 'x1']);
    expect(seen.model('seeded').output('anomaly_score').count).toBe(2);
    expect(seen.model('seeded').output('score').count).toBe(2);
  });

  it('takes no number that the model answers for the score of a row, whose reference the profile has', () => {
    const { score: answers } = profile.outputs;
    const outputs = { ...profile.outputs, ...(answers && { anomaly_score: answers }) };
    const scored = withProfileId({ ...profile, outputs, rowScores: true });
    const predict = monitorModel({ profile: scored, anomalies: rowAnomalies }).wrap(() => 0.3, { features: () => odd });
    predict();
    expect(seen.model('seeded').output('score').count).toBe(1);
    expect(seen.model('seeded').output('anomaly_score').count).toBe(1);
  });

  it('takes no anomaly score that the model answers for that of a row either, and says so once', () => {
    const { score: answers } = profile.outputs;
    const scored = withProfileId({ ...profile, outputs: answers ? { anomaly_score: answers } : {}, rowScores: true });
    const predict = monitorModel({ profile: scored, task: 'unsupervised', anomalies: rowAnomalies }).wrap(() => 7, {
      features: () => ordinary,
    });
    predict();
    predict();
    expect(seen.model('seeded').output('value').count).toBe(2);
    expect(seen.model('seeded').output('anomaly_score').count).toBe(2);
    expect(attributes()[0]?.['ml.prediction.anomaly_score']).toBeLessThan(0.5);
    expect(seen.errors.map(({ message }) => message)).toEqual([
      expect.stringContaining('its answers are the output "value". Build the profile without --anomaly-scores.'),
    ]);
  });

  it('scores all rows of a batch, of columns and of record(), and describes no span of several rows', () => {
    const monitor = monitorModel({ profile, anomalies: rowAnomalies });
    monitor.wrap((rows: readonly object[]) => rows.map(score), { features: (rows) => rows.map((row) => ({ ...row })) })(
      [ordinary, odd, { x0: Number.NaN }],
    );
    expect(attributes()[0]).not.toHaveProperty('ml.prediction.anomaly_score');
    expect(seen.model('seeded').output('anomaly_score').count).toBe(2);
    monitor.wrap((rows: readonly object[]) => rows.map(score), { features: (rows) => rows.map((row) => ({ ...row })) })(
      [odd],
    );
    expect(attributes()[1]?.['ml.prediction.anomaly_features']).toEqual(['x2', 'x0', 'x1']);
    monitor.recordColumns({ features: { x0: [0, 1, null], x1: [0, 1, Number.NaN] } });
    expect(seen.model('seeded').output('anomaly_score').count).toBe(5);
    monitor.recordColumns({ features: { x0: [0, 1] }, at: [0, 60_000] });
    monitor.record({ features: odd });
    expect(seen.model('seeded').output('anomaly_score').count).toBe(8);
  });

  it('keeps the span of a row from the score that sampling says', () => {
    const sampling = { ratio: 0, anomalyScore: 1.5 };
    const predict = monitorModel({ profile, anomalies: rowAnomalies, sampling }).wrap(score, {
      features: (row) => ({ ...row }),
    });
    predict(ordinary);
    predict(odd);
    expect(attributes()).toMatchObject([{ 'ml.prediction.anomalies': ['anomaly_score'] }]);
  });

  it('does nothing unless it is asked to', () => {
    monitorModel({ profile }).wrap(score, { features: (row) => ({ ...row }) })(odd);
    expect(Object.keys(attributes()[0] ?? {}).join()).not.toContain('anomal');
    expect(() => seen.model('seeded').output('anomaly_score')).toThrow('no output "anomaly_score"');
  });

  it.each([
    ['without a profile', { name: 'plain' }, 'they need a profile'],
    ['whose answers have that name', { name: 'plain', profile, task: 'unsupervised' }, 'its own answers'],
    ['whose profile has no number', { name: 'plain', profile: seededProfile({ numericFeatures: 0 }) }, 'they need a'],
  ] as const)('complains once of a model %s, which is watched all the same', (_, options, reason) => {
    const unscored = seededProfile({ numericFeatures: 4 });
    const given = 'task' in options ? { ...options, profile: unscored } : options;
    const predict = monitorModel({ ...given, anomalies: rowAnomalies }).wrap(() => 1, { features: () => odd });
    predict();
    predict();
    expect(seen.errors.map(({ message }) => message)).toEqual([expect.stringContaining(reason)]);
    expect(seen.model('plain').calls).toBe(2);
    expect(attributes()[0]).not.toHaveProperty('ml.prediction.anomaly_score');
  });
});
