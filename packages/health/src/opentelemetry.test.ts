import { context, trace } from '@opentelemetry/api';
import {
  AggregationTemporality,
  DataPointType,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ManualClock } from '../../../test/support/manual-clock.ts';
import { createHealth, dependencyCheck, modelCheck } from './index.ts';
import { HealthSpanProcessor, observeHealth } from './opentelemetry.ts';

/** A service whose cache can be taken away. */
function service() {
  const state = { isCacheThere: true };
  const cache = dependencyCheck({
    reach: () => {
      if (!state.isCacheThere) throw new Error('redis://admin@10.0.0.7 refused');
    },
    everyMs: 10_000,
    failAfter: 1,
  });
  const model = modelCheck({ predict: () => 1, expected: 1, model: { name: 'fraud', version: '7' } });
  const clock = new ManualClock();
  const health = createHealth({ clock, checks: { cache, 'fraud-7': model } });
  onTestFinished(() => health.close());
  health.start();
  return { state, clock, health };
}

describe('checks as metrics', () => {
  it('are 1 for the state they are in and 0 for the others, and follow it', async () => {
    const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
    const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
    const provider = new MeterProvider({ readers: [reader] });
    onTestFinished(() => provider.shutdown());
    const collected = async () => {
      exporter.reset();
      await reader.forceFlush();
      return exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics));
    };
    const { state, clock, health } = service();
    observeHealth(health, { meter: provider.getMeter('test') });
    const states = async () => {
      const points = (await collected()).flatMap((metric) =>
        metric.dataPointType === DataPointType.SUM ? metric.dataPoints : [],
      );
      return points
        .filter(({ value }) => value === 1)
        .map(
          ({ attributes }) =>
            `${String(attributes['driftline.health.check.name'])} ${String(attributes['driftline.health.state'])}`,
        );
    };

    await clock.advance(0);
    expect(await states()).toEqual(['cache pass', 'fraud-7 pass']);
    state.isCacheThere = false;
    await clock.advance(10_000);
    expect(await states()).toEqual(['cache fail', 'fraud-7 pass']);

    const [status] = await collected();
    expect(status?.descriptor).toMatchObject({ name: 'driftline.health.status', unit: '1' });
    expect(status?.dataPoints).toHaveLength(6);
    expect(status?.dataPoints.at(-1)?.attributes).toEqual({
      'driftline.health.check.name': 'fraud-7',
      'driftline.health.check.type': 'model',
      'driftline.health.state': 'fail',
      'ml.model.name': 'fraud',
      'ml.model.version': '7',
    });
    expect(JSON.stringify(await collected())).not.toContain('admin');
  });
});

describe('health on spans', () => {
  it('stands on the first span of a trace in this process, as it was when the span began', async () => {
    const exporter = new InMemorySpanExporter();
    const { state, clock, health } = service();
    const provider = new TracerProvider({
      spanProcessors: [new HealthSpanProcessor(health), new SimpleSpanProcessor({ exporter })],
    });
    onTestFinished(() => provider.shutdown());
    const tracer = provider.getTracer('test');
    const span = (name: string, parent = context.active()) => {
      const started = tracer.startSpan(name, {}, parent);
      started.end();
      return trace.setSpan(parent, started);
    };

    await clock.advance(0);
    span('child', span('healthy'));
    state.isCacheThere = false;
    await clock.advance(10_000);
    const caller = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: 1 };
    span('called', trace.setSpanContext(context.active(), { ...caller, isRemote: true }));

    const seen = exporter.getFinishedSpans().map(({ name, attributes }) => ({ name, attributes }));
    expect(seen).toEqual([
      { name: 'healthy', attributes: { 'driftline.health.state': 'pass' } },
      { name: 'child', attributes: {} },
      {
        name: 'called',
        attributes: { 'driftline.health.state': 'fail', 'driftline.health.failing_checks': ['cache'] },
      },
    ]);
  });
});
