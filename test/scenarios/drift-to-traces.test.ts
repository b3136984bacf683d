import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { monitorModel, startDriftline } from '@driftline/instrumentation';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeOtlpProtobuf } from '../support/otlp-protobuf.ts';
import { logRecordsIn, plainAttributes, textsOf } from '../support/otlp-series.ts';
import { RecordingServer } from '../support/recording-server.ts';
import { normal, seededProfile, seededRandom } from '../support/seeded-profile.ts';
import { minute, SimulatedService, windowMs } from '../support/simulated-service.ts';

const profile = seededProfile({ numericFeatures: 2 });

describe('drift of a feature', () => {
  const spans = new InMemorySpanExporter();

  beforeEach(() => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    trace.setGlobalTracerProvider(
      new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: spans })] }),
    );
  });

  afterEach(() => {
    trace.disable();
    context.disable();
  });

  it('leads to the traces in which its value was odd', async () => {
    await using vendor = await RecordingServer.listen();
    await using service = await SimulatedService.start({
      settings: `models: { seeded: { reference: ./seeded.json } }\npublish: { endpoint: "${vendor.url}" }`,
      files: { 'seeded.json': profile },
    });
    await using driftline = startDriftline({ service: 'hiring-api', endpoint: service.service.otlpUrl });
    const start = service.now;
    let now = start;
    const predict = monitorModel({ profile }).wrap(({ x0 }: { x0: number; x1: number }) => x0 > 0, {
      at: () => now,
      prediction: (isLate) => ({ class: String(isLate) }),
    });
    const random = seededRandom(3);
    for (const [window, shift] of [0, 3, 3].entries()) {
      for (let row = 0; row < 500; row += 1) {
        now = start + window * windowMs + (row % 5) * minute;
        predict({ x0: normal(random) + shift, x1: normal(random) });
      }
      await driftline.flush();
      service.now += windowMs;
      await service.service.tick();
    }
    await service.silence();

    const drifted = vendor.requests
      .filter(({ path }) => path === '/v1/logs')
      .flatMap(({ path, body }) => logRecordsIn(decodeOtlpProtobuf(path, body)))
      .find(({ attributes }) => {
        const { 'ml.feature.name': feature, 'ml.drift.state': state } = plainAttributes(attributes);
        return feature === 'x0' && state === 'drift';
      });
    const traces = textsOf(drifted?.attributes, 'ml.sample.trace_ids');
    const odd = spans.getFinishedSpans().filter(({ attributes }) => isOdd(attributes['ml.prediction.anomalies']));
    expect(traces).toHaveLength(3);
    expect(odd.map((span) => span.spanContext().traceId)).toEqual(expect.arrayContaining([...traces]));
    // What the page and scripts read says the same.
    expect(service.judged('x0').find((feature) => feature?.state === 'drift')?.sampleTraceIds).toEqual(traces);
    expect(service.judged('x1').map((feature) => feature?.state)).not.toContain('drift');
  });
});

const isOdd = (anomalies: unknown): boolean => Array.isArray(anomalies) && anomalies.includes('x0');
