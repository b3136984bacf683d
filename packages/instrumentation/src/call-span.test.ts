import { context, type Context, trace, TraceFlags } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  AlwaysOffSampler,
  InMemorySpanExporter,
  type ReadableSpan,
  type Sampler,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { seededProfile } from '../../../test/support/seeded-profile.ts';
import { monitorModel } from './monitor-model.ts';
import type { SamplingOptions } from './sampling.ts';
import { captureDriftline } from './testing.ts';

const profile = seededProfile({ numericFeatures: 1, outputs: ['score'] });

describe('spans of a monitor with sampling', () => {
  const exporter = new InMemorySpanExporter();
  let seen: Disposable;

  beforeEach(() => {
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    seen = captureDriftline();
    register();
    // The first call of a process has its span whatever the ratio.
    monitorModel({ name: 'first' }).wrap(() => 1, { features: () => ({}) })();
    exporter.reset();
  });

  afterEach(() => {
    seen[Symbol.dispose]();
    trace.disable();
    context.disable();
    vi.restoreAllMocks();
  });

  function register(sampler?: Sampler): void {
    trace.disable();
    context.disable();
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    trace.setGlobalTracerProvider(
      new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })], ...(sampler && { sampler }) }),
    );
  }

  /** The spans of these calls by their anomalies and failure. */
  function spansOf(
    sampling: SamplingOptions,
    call: (predict: (x0: number) => number) => void,
  ): readonly ReadableSpan[] {
    const monitor = monitorModel({ profile, sampling });
    const predict = monitor.wrap(
      (x0: number) => {
        if (x0 === -1) throw new RangeError('no');
        busy(x0 === 0.5 ? 12 : 0);
        return x0 === 0.25 ? 1e9 : 0;
      },
      { features: (x0) => ({ x0 }), prediction: (score) => ({ score }) },
    );
    call((x0) => predict(x0));
    return exporter.getFinishedSpans();
  }

  const quietly = (run: () => unknown): void => {
    try {
      run();
    } catch {
      // The model's own.
    }
  };

  it('keeps what failed, was slow or anomalous, and none of the rest', () => {
    const spans = spansOf({ ratio: 0, slowMs: 10 }, (predict) => {
      for (const x0 of [0, 0.1, 0.5, -1, 99, 0.25]) quietly(() => predict(x0));
    });
    expect(spans.map(({ attributes }) => attributes['ml.prediction.anomalies'] ?? attributes['error.type'])).toEqual([
      undefined,
      'RangeError',
      ['x0'],
      ['score'],
    ]);
  });

  it('gives a span made afterwards the time that the call took', () => {
    const before = Date.now();
    const [span] = spansOf({ ratio: 0, slowMs: 10 }, (predict) => void predict(0.5));
    const millis = ([seconds, nanos]: ReadableSpan['startTime'] = [0, 0]): number => seconds * 1000 + nanos / 1e6;
    const [startMs, endMs] = [millis(span?.startTime), millis(span?.endTime)];
    expect(endMs - startMs).toBeGreaterThan(11);
    expect(startMs).toBeGreaterThan(before - 5);
    expect(endMs).toBeLessThan(Date.now() + 5);
  });

  it('keeps only what it is told to', () => {
    const spans = spansOf({ ratio: 0, failed: false, anomalous: false }, (predict) => {
      for (const x0 of [-1, 99, 0.25, 0.5]) quietly(() => predict(x0));
    });
    expect(spans).toEqual([]);
  });

  it('keeps the share that was asked for, and all calls of one trace or none', () => {
    const kept = new Map<string, number>();
    const tracer = trace.getTracer('test');
    spansOf({ ratio: 0.25 }, (predict) => {
      for (let i = 0; i < 1000; i += 1)
        tracer.startActiveSpan('request', (span) => [predict(0), predict(0), span.end()]);
    });
    for (const span of exporter.getFinishedSpans().filter(({ name }) => name === 'predict seeded')) {
      const { traceId } = span.spanContext();
      kept.set(traceId, (kept.get(traceId) ?? 0) + 1);
    }
    expect(kept.size).toBeGreaterThan(180);
    expect(kept.size).toBeLessThan(320);
    expect(new Set(kept.values())).toEqual(new Set([2]));
  });

  it('leaves what the model does meanwhile in the trace of the caller, or in one that nobody records', () => {
    const inside: Context[] = [];
    const predict = monitorModel({ name: 'remote', sampling: { ratio: 0 } }).wrap(
      () => {
        inside.push(context.active());
        trace.getTracer('client').startSpan('POST').end();
        return 1;
      },
      { features: () => ({}) },
    );
    const tracer = trace.getTracer('test');
    const caller = tracer.startActiveSpan('request', (span) => {
      predict();
      span.end();
      return span.spanContext();
    });
    predict();
    const [ofCaller, alone] = inside.map((one) => trace.getSpanContext(one));
    expect(ofCaller).toEqual(caller);
    expect(alone?.traceFlags).toBe(TraceFlags.NONE);
    expect(alone?.traceId).toMatch(/^(?!0+$)[0-9a-f]{32}$/);
    const posts = exporter.getFinishedSpans().filter(({ name }) => name === 'POST');
    expect(posts.map((span) => span.spanContext().traceId)).toEqual([caller.traceId]);
  });

  it("puts a span that is made afterwards into the caller's trace", () => {
    const tracer = trace.getTracer('test');
    const [late] = spansOf({ ratio: 0 }, (predict) => {
      tracer.startActiveSpan('request', (span) => [quietly(() => predict(-1)), span.end()]);
    });
    const request = exporter.getFinishedSpans().find(({ name }) => name === 'request');
    expect(late?.parentSpanContext).toEqual(request?.spanContext());
  });

  it("never overrules the SDK's sampler", () => {
    register(new AlwaysOffSampler());
    expect(spansOf({ ratio: 1 }, (predict) => [predict(0), quietly(() => predict(-1))])).toEqual([]);
  });

  it('takes an anomaly score over the limit for an anomaly', () => {
    const detect = monitorModel({
      name: 'machine',
      task: 'unsupervised',
      sampling: { ratio: 0, anomalyScore: 0.8 },
    }).wrap((value: number) => value, { features: () => ({}) });
    for (const score of [0.1, 0.79, 0.8]) detect(score);
    expect(exporter.getFinishedSpans().map(({ attributes }) => attributes['ml.prediction.anomalies'])).toEqual([
      ['anomaly_score'],
    ]);
  });

  it('says what of it makes no sense, and keeps every span', () => {
    const predict = monitorModel({ name: 'odd', sampling: { ratio: 7, slowMs: -1 } }).wrap(() => 1, {
      features: () => ({}),
    });
    predict();
    expect(exporter.getFinishedSpans()).toHaveLength(1);
    expect(vi.mocked(console.warn).mock.calls.join()).toContain('sampling.ratio 7 is no number from 0 to 1; using 1.');
  });
});

function busy(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}
