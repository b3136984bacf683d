import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SketchReceivingEnd } from '../../../test/support/sketch-receiving-end.ts';
import { connectOutcomes } from './connect-outcomes.ts';

describe('outcomes from elsewhere', () => {
  let end: SketchReceivingEnd;
  let warn: ReturnType<typeof vi.spyOn>;

  beforeEach(async () => {
    end = await SketchReceivingEnd.start();
    warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  });

  afterEach(async () => {
    vi.restoreAllMocks();
    await end.stop();
  });

  it('arrive when disposed of, with the service only if it is named', async () => {
    const named = connectOutcomes({ model: 'employment', version: '2', endpoint: end.url, service: 'hiring-api' });
    named.record({ id: 'app-17', truth: true });
    await named[Symbol.asyncDispose]();
    const unnamed = connectOutcomes({ model: 'employment', endpoint: end.url });
    unnamed.record([{ id: 'app-18', truth: 'hired' }]);
    await unnamed[Symbol.asyncDispose]();
    expect(end.events.map(({ resource }) => resource['service.name'])).toEqual(['hiring-api', undefined]);
    expect(end.events.map(({ attributes }) => attributes)).toEqual([
      { 'ml.model.name': 'employment', 'ml.model.version': '2', 'ml.prediction.id': 'app-17', 'ml.outcome.value': 1 },
      { 'ml.model.name': 'employment', 'ml.prediction.id': 'app-18', 'ml.outcome.class': 'hired' },
    ]);
    expect(warn).not.toHaveBeenCalled();
  });

  it('leave in thousands while more are recorded', async () => {
    const outcomes = connectOutcomes({ model: 'employment', endpoint: end.url });
    for (let i = 0; i < 2500; i += 1) outcomes.record({ id: `app-${i}`, truth: i % 2 });
    await outcomes.flush();
    expect(end.requests).toHaveLength(3);
    expect(new Set(end.events.map(({ attributes }) => attributes['ml.prediction.id'])).size).toBe(2500);
  });

  it('survive an outage', async () => {
    const outcomes = connectOutcomes({ model: 'employment', endpoint: end.url });
    end.answers.push({ status: 503 }, 'cut');
    outcomes.record({ prediction: 0.4, truth: 0, predictedAt: 1_700_000_000_000 });
    await outcomes.flush();
    await outcomes.flush();
    expect(outcomes.status().keptUnits).toBe(1);
    await outcomes.flush();
    expect(end.events).toHaveLength(1);
  });
});
