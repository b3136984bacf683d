import { metrics } from '@opentelemetry/api';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  type MetricData,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { type MetricDefinition, resourceMetrics } from '@driftline/semantic-conventions';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { RecordingServer } from '../../../../test/support/recording-server.ts';
import { type Clock, systemClock } from '../clock.ts';
import { faults } from '../faults.ts';
import { settingsOf } from '../settings.ts';
import { resourceCollectors } from './collectors/index.ts';
import { ResourceInstruments } from './resource-instruments.ts';
import { ResourceMonitor } from './resource-monitor.ts';
import { resourceSettingsOf } from './resource-settings.ts';
import { startResources } from './start-resources.ts';

const definitions: Readonly<Record<string, MetricDefinition>> = resourceMetrics;

/** By all tests here: what is said once a process may be said in any that sends to nobody. */
const said: string[] = [];
beforeAll(() => void vi.spyOn(console, 'warn').mockImplementation((message) => void said.push(String(message))));
afterAll(() => void vi.restoreAllMocks());

let exporter: InMemoryMetricExporter;
let reader: PeriodicExportingMetricReader;
let provider: MeterProvider;

beforeEach(() => {
  exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  provider = new MeterProvider({ readers: [reader] });
});

afterEach(async () => {
  metrics.disable();
  vi.unstubAllEnvs();
  await provider.shutdown();
});

async function collected(): Promise<ReadonlyMap<string, MetricData>> {
  exporter.reset();
  await reader.forceFlush();
  const scopes = exporter.getMetrics().at(-1)?.scopeMetrics ?? [];
  const ours = scopes.filter(({ scope }) => scope.name === '@driftline/instrumentation/resources');
  return new Map(ours.flatMap((scope) => scope.metrics).map((metric) => [metric.descriptor.name, metric]));
}

const start = (endpoint: string, only?: Parameters<typeof resourceSettingsOf>[0]) =>
  startResources(
    resourceSettingsOf(only, () => {}),
    {
      settings: settingsOf({ endpoint, intervalMs: 100 }, () => {}),
      resource: () => ({ 'service.name': 'hiring-api' }),
    },
  );

const NOWHERE = 'http://127.0.0.1:1';

describe("the application's own metrics", () => {
  it('have the machine in them, with units and descriptions of the conventions', async () => {
    metrics.setGlobalMeterProvider(provider);
    const resources = start(NOWHERE);
    const byName = await collected();
    expect([...byName.keys()]).toEqual(
      expect.arrayContaining(['process.uptime', 'system.filesystem.utilization', 'nodejs.eventloop.utilization']),
    );
    for (const [name, { descriptor, dataPoints }] of byName) {
      expect(descriptor).toMatchObject({ unit: definitions[name]?.unit, description: definitions[name]?.brief });
      expect(dataPoints.length).toBeGreaterThan(0);
    }
    await resources.shutdown();
  });

  it("do not get twice what OpenTelemetry's host metrics send", async () => {
    metrics.setGlobalMeterProvider(provider);
    const resources = start(NOWHERE);
    const names = [...(await collected()).keys()];
    for (const theirs of ['process.cpu.utilization', 'process.memory.usage', 'system.memory.utilization'])
      expect(names).not.toContain(theirs);
    await resources.shutdown();
  });

  it('time garbage collections', async () => {
    metrics.setGlobalMeterProvider(provider);
    const resources = start(NOWHERE, { only: ['heap'] });
    const kept: unknown[] = [];
    for (let round = 0; round < 40; round++) kept.push(Array.from({ length: 50_000 }, (_, index) => ({ index })));
    await vi.waitFor(async () => {
      const durations = (await collected()).get('v8js.gc.duration');
      expect(durations?.dataPoints.map(({ attributes }) => attributes['v8js.gc.type'])).toContain('minor');
    });
    expect(kept).toHaveLength(40);
    await resources.shutdown();
  });

  it('are not read once we have stopped', async () => {
    metrics.setGlobalMeterProvider(provider);
    const resources = start(NOWHERE, { only: ['process'] });
    const uptime = async () => (await collected()).get('process.uptime')?.dataPoints[0]?.value;
    expect(await uptime()).toBeGreaterThan(0);
    await resources.shutdown();
    // Cumulative streams of the SDK go on with their last value.
    const last = await uptime();
    const later = vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 3_600_000);
    expect(await uptime()).toBe(last);
    later.mockRestore();
  });

  it('are found when the application registers them later', async () => {
    const waiting: (() => void)[] = [];
    const clock: Clock = { now: () => Date.now(), after: (_, run) => (waiting.push(run), () => {}) };
    const process = resourceCollectors.filter(({ name }) => name === 'process');
    const monitor = new ResourceMonitor({
      collectors: process,
      host: { platform: globalThis.process.platform, root: '/', now: () => performance.now() },
      clock: systemClock,
      faults,
      record: () => {},
      dcgmExporter: undefined,
    });
    const instruments = new ResourceInstruments(process.flatMap((collector) => collector.metrics));
    instruments.connect(monitor, clock);
    waiting.shift()?.();
    expect(waiting).toHaveLength(1);
    metrics.setGlobalMeterProvider(provider);
    waiting.shift()?.();
    expect(waiting).toEqual([]);
    expect((await collected()).has('process.uptime')).toBe(true);
    instruments.disconnect();
  });
});

describe('the drift service', () => {
  let service: RecordingServer;
  beforeEach(async () => {
    service = await RecordingServer.listen();
  });

  afterEach(() => service[Symbol.asyncDispose]());

  it('gets a few gauges each period, of this service, without a provider anywhere', async () => {
    const resources = start(service.url);
    await vi.waitFor(() => expect(service.requests.length).toBeGreaterThan(1), 30_000);
    await resources.shutdown();
    const [, request] = service.requests;
    const { resourceMetrics: sent } = JSON.parse(String(request?.body));
    expect(sent[0].resource.attributes).toEqual([{ key: 'service.name', value: { stringValue: 'hiring-api' } }]);
    const gauges: readonly { readonly name: string; readonly gauge: { readonly dataPoints: readonly unknown[] } }[] =
      sent[0].scopeMetrics[0].metrics;
    const allowed: readonly string[] = resourceCollectors.flatMap(({ copies }) => copies);
    for (const { name } of gauges) expect(allowed).toContain(name);
    expect(gauges.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['process.cpu.utilization', 'process.memory.usage', 'system.memory.utilization']),
    );
    expect(gauges.flatMap(({ gauge }) => gauge.dataPoints).length).toBeLessThanOrEqual(30);
  });

  it('that is away costs a count, and nothing is kept for it', async () => {
    const before = faults.counts.export ?? 0;
    const resources = start(NOWHERE, { only: ['process'] });
    await vi.waitFor(() => expect(faults.counts.export).toBeGreaterThan(before + 1), 30_000);
    await resources.shutdown();
    expect(said.filter((message) => message.includes('resource gauges'))).toHaveLength(1);
  });

  it('gets nothing when resources are switched off', async () => {
    const resources = start(service.url, false);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await resources.shutdown();
    expect(service.requests).toEqual([]);
  });
});
