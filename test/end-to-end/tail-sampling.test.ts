import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { collector } from '../components/collector.ts';
import { obtain } from '../components/component.ts';
import { freePort } from '../support/free-port.ts';
import { OtlpReceivingEnd } from '../support/otlp-receiving-end.ts';

const available = await obtain(collector);
const pipelines = join(import.meta.dirname, '../../otel-collector/pipelines');

/** As the instrumentation names them; `millis` is how long the span took. */
interface TraceSpan {
  readonly name: string;
  readonly millis: number;
  readonly attributes?: Readonly<Record<string, string | readonly string[]>>;
}

const prediction = { 'ml.model.name': 'employment', 'ml.operation.name': 'predict' };

const traces: readonly (readonly TraceSpan[])[] = [
  [{ name: 'ordinary', millis: 5, attributes: prediction }],
  [{ name: 'failed', millis: 5, attributes: { ...prediction, 'error.type': 'RangeError' } }],
  [
    { name: 'request of the slow', millis: 400 },
    { name: 'slow', millis: 300, attributes: prediction },
  ],
  [
    { name: 'slow request', millis: 400 },
    { name: 'fast prediction in a slow request', millis: 5, attributes: prediction },
  ],
  [{ name: 'failed without a model', millis: 5, attributes: { 'error.type': 'RangeError' } }],
  [{ name: 'anomalous', millis: 5, attributes: { ...prediction, 'ml.prediction.anomalies': ['age'] } }],
];

describe.skipIf(available.state === 'missing')('tail sampling in the real collector', () => {
  const vendor = new OtlpReceivingEnd();
  let folder: string;
  let running: ChildProcess;
  let url: string;

  beforeAll(async () => {
    if (available.state === 'missing') return;
    folder = await mkdtemp(join(tmpdir(), 'driftline-tail-sampling-'));
    const [otlpPort, grpcPort, healthPort] = [await freePort(), await freePort(), await freePort()];
    url = `http://127.0.0.1:${otlpPort}`;
    const configs = ['driftline.yaml', 'tail-sampling.yaml'].flatMap((file) => ['--config', join(pipelines, file)]);
    running = spawn(available.path, configs, {
      cwd: folder,
      stdio: 'ignore',
      env: {
        ...process.env,
        OTLP_HTTP_LISTEN: `127.0.0.1:${otlpPort}`,
        OTLP_GRPC_LISTEN: `127.0.0.1:${grpcPort}`,
        HEALTH_LISTEN: `127.0.0.1:${healthPort}`,
        BACKEND_OTLP_ENDPOINT: await vendor.listen(),
        BACKEND_OTLP_ENCODING: 'json',
        TAIL_DECISION_WAIT: '1s',
        TRACES_PERCENTAGE: '0',
      },
    });
    await vi.waitFor(() => fetch(`http://127.0.0.1:${healthPort}`), { timeout: 20_000, interval: 100 });
  });

  afterAll(async () => {
    if (running?.exitCode === null && running.kill('SIGTERM')) await once(running, 'exit');
    await vendor[Symbol.asyncDispose]();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  it('keeps whole traces with a failed, slow or anomalous prediction, however fast or slow the rest is', async () => {
    const answer = await fetch(`${url}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request(traces)),
    });
    expect(answer.status).toBe(200);
    await vi.waitFor(() => expect(vendor.spans).toHaveLength(4), { timeout: 15_000, interval: 100 });
    const kept = vendor.spans.map(({ name }) => name).toSorted();
    expect(kept).toEqual(['anomalous', 'failed', 'request of the slow', 'slow']);
  });
});

function request(all: readonly (readonly TraceSpan[])[]) {
  const spans = all.flatMap((ofTrace, trace) =>
    ofTrace.map(({ name, millis, attributes = {} }, span) => ({
      traceId: String(trace + 1).padStart(32, 'a'),
      spanId: String(span + 1).padStart(16, 'b'),
      name,
      kind: 1,
      startTimeUnixNano: String(BigInt(Date.now() - 1000) * 1_000_000n),
      endTimeUnixNano: String(BigInt(Date.now() - 1000 + millis) * 1_000_000n),
      attributes: Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) })),
    })),
  );
  return { resourceSpans: [{ resource: {}, scopeSpans: [{ scope: { name: 'test' }, spans }] }] };
}

function anyValue(value: string | readonly string[]) {
  return typeof value === 'string'
    ? { stringValue: value }
    : { arrayValue: { values: value.map((stringValue) => ({ stringValue })) } };
}
