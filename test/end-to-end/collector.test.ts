import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseSettings, startDriftService, type WindowMeasurement } from '@driftline/collector-processor';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { collector } from '../components/collector.ts';
import { obtain } from '../components/component.ts';
import { freePort } from '../support/free-port.ts';
import { OtlpReceivingEnd } from '../support/otlp-receiving-end.ts';

const available = await obtain(collector);
const root = join(import.meta.dirname, '../..');
const patient = { timeout: 60_000, interval: 200 };

/** application → collector → drift service → collector → the vendor's end, with the real collector. */
describe.skipIf(available.state === 'missing')('through the real collector', () => {
  const vendor = new OtlpReceivingEnd();
  const windows: WindowMeasurement[] = [];
  const processes: ChildProcess[] = [];
  let folder: string;
  let service: Awaited<ReturnType<typeof startDriftService>>;
  let application: ChildProcess;

  beforeAll(async () => {
    if (available.state === 'missing') return;
    folder = await mkdtemp(join(tmpdir(), 'driftline-collector-'));
    const [otlpPort, grpcPort, healthPort] = [await freePort(), await freePort(), await freePort()];
    const collectorUrl = `http://127.0.0.1:${otlpPort}`;
    service = await startDriftService({
      settings: parseSettings({
        text: settings(collectorUrl),
        file: 'driftline.yaml',
        directory: folder,
        environment: {},
        readSecretFile: () => '',
      }),
      tickMs: 200,
      onWindow: (window) => void windows.push(window),
    });
    processes.push(
      spawn(available.path, ['--config', join(root, 'otel-collector/pipelines/driftline.yaml')], {
        cwd: folder,
        stdio: 'ignore',
        env: {
          ...process.env,
          OTLP_HTTP_LISTEN: `127.0.0.1:${otlpPort}`,
          OTLP_GRPC_LISTEN: `127.0.0.1:${grpcPort}`,
          HEALTH_LISTEN: `127.0.0.1:${healthPort}`,
          DRIFTLINE_SERVICE: service.url,
          BACKEND_OTLP_ENDPOINT: await vendor.listen(),
          BACKEND_OTLP_ENCODING: 'json',
          QUEUE_DIRECTORY: join(folder, 'queue'),
        },
      }),
    );
    await vi.waitFor(async () => expect((await fetch(`http://127.0.0.1:${healthPort}`)).status).toBe(200), patient);
    application = spawn(
      process.execPath,
      ['--conditions=@driftline/source', join(root, 'test/end-to-end/observed-service.ts')],
      {
        stdio: 'ignore',
        env: {
          ...process.env,
          DRIFTLINE_ENDPOINT: collectorUrl,
          OTEL_EXPORTER_OTLP_ENDPOINT: collectorUrl,
          OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
          OTEL_METRIC_EXPORT_INTERVAL: '1000',
          OTEL_METRIC_EXPORT_TIMEOUT: '900',
          OTEL_BSP_SCHEDULE_DELAY: '500',
          OTEL_TRACES_SAMPLER: 'traceidratio',
          OTEL_TRACES_SAMPLER_ARG: '0.05',
        },
      },
    );
    processes.push(application);
  }, 600_000);

  afterAll(async () => {
    for (const child of processes.toReversed()) {
      if (child.exitCode !== null) continue;
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    await service?.close();
    await vendor[Symbol.asyncDispose]();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  it('brings spans and operations to the vendor', async () => {
    await vi.waitFor(() => {
      expect(vendor.spans.map(({ name }) => name)).toContain('predict employment');
      expect(vendor.metrics.map(({ name }) => name)).toContain('ml.prediction.duration');
    }, patient);
  });

  it('judges windows from sketches that came through the collector', async () => {
    await vi.waitFor(() => expect(windows.some(({ state, rows }) => state === 'ok' && rows > 500)).toBe(true), patient);
  });

  it('brings drift gauges and the alert back to the vendor when the world changes', async () => {
    application.kill('SIGUSR2');
    await vi.waitFor(() => {
      const drifted = { 'ml.model.name': 'employment', 'ml.feature.name': 'age' };
      const scores = vendor.metrics.filter(({ name, value = 0 }) => name === 'ml.drift.score' && value > 0.5);
      expect(scores.map(({ attributes }) => attributes)).toContainEqual(expect.objectContaining(drifted));
      const states = vendor.logs.filter(({ name }) => name === 'ml.drift.change').map(({ attributes }) => attributes);
      expect(states).toContainEqual(expect.objectContaining({ ...drifted, 'ml.drift.state': 'drift' }));
      const alerts = vendor.logs.filter(({ name }) => name === 'driftline.alert.change');
      expect(alerts.map(({ attributes }) => attributes['driftline.alert.state'])).toContain('firing');
    }, patient);
  });

  it("carries the observed service's own resource on results", () => {
    const [score] = vendor.metrics.filter(({ name }) => name === 'ml.drift.score');
    expect(score?.resource).toMatchObject({ 'service.name': 'hiring-api' });
  });

  it('brings realised accuracy from outcomes', () => {
    const accuracy = vendor.metrics.find(
      ({ name, attributes }) => name === 'ml.performance.value' && attributes['ml.performance.metric'] === 'accuracy',
    );
    expect(accuracy?.value).toBeGreaterThan(0.7);
    expect(accuracy?.value).toBeLessThan(1);
  });

  it('lets no sketch and no prediction reach the vendor', () => {
    const leaked = [...vendor.metrics, ...vendor.logs].map(({ name }) => name);
    expect(leaked.length).toBeGreaterThan(0);
    expect(leaked.filter((name) => /^ml\.(feature\.|output\.|security\.observations$)/.test(name))).toEqual([]);
    expect(vendor.logs.filter(({ name }) => name.startsWith('ml.prediction.'))).toEqual([]);
  });
});

function settings(collectorUrl: string): string {
  return `
listen: { page: "127.0.0.1:0", otlp: "127.0.0.1:0" }
store: { path: ./state.db }
publish: { endpoint: "${collectorUrl}", interval: 1s }
defaults:
  window: { every: 2s, lateness: 1s, hold: 10s }
  reference: { capture: { rows: 2000 } }
rules: [{ name: drift, when: drift }]
`;
}
