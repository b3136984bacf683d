import { type MetricDefinition, resourceMetrics } from '@driftline/semantic-conventions';
import { describe, expect, it } from 'vitest';
import { resourceCollectors } from './index.ts';
import type { Host, Measurement, ResourceCollector } from './resource-collector.ts';

const thisHost: Host = { platform: process.platform, root: '/', now: () => performance.now() };
const collectors: readonly ResourceCollector[] = resourceCollectors;

describe.each(collectors)('$name, on this machine', (collector) => {
  it('tells what it says it tells, by the attributes of each metric, and nothing else', async () => {
    const { measurements, complaints } = await readTwice(collector);
    expect(complaints).toEqual([]);
    const told: readonly string[] = [...collector.metrics, ...collector.copies];
    for (const { metric, value, attributes = {} } of measurements) {
      expect(told).toContain(metric);
      expect(value).toBeTypeOf('number');
      const definition: MetricDefinition = resourceMetrics[metric];
      expect(Object.keys(definition.attributes)).toEqual(expect.arrayContaining(Object.keys(attributes)));
      const required = Object.entries(definition.attributes).filter(([, level]) => level === 'required');
      expect(Object.keys(attributes)).toEqual(expect.arrayContaining(required.map(([name]) => name)));
    }
  });

  it('has one value a series, shares between 0 and 1, and counters that only grow', async () => {
    const { measurements, earlier } = await readTwice(collector);
    const bySeries = new Map(measurements.map((measurement) => [seriesOf(measurement), measurement.value]));
    expect(bySeries.size).toBe(measurements.length);
    for (const { metric, value } of measurements) {
      if (metric.endsWith('.utilization')) expect(value).toBeGreaterThanOrEqual(0);
      if (metric.endsWith('.utilization')) expect(value).toBeLessThanOrEqual(1);
    }
    for (const measurement of earlier.filter(({ metric }) => resourceMetrics[metric].instrument === 'counter'))
      expect(bySeries.get(seriesOf(measurement)) ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(measurement.value);
  });

  it('has nothing to tell, and nothing to complain of, where the kernel shows nothing', async () => {
    const { complaints } = await readTwice(collector, { ...thisHost, root: '/nowhere' });
    if (collector.name !== 'filesystem') expect(complaints).toEqual([]);
  });
});

it('every collector has a name of its own, and no metric is sent to the backend by two', () => {
  expect(new Set(collectors.map(({ name }) => name)).size).toBe(collectors.length);
  const metrics = collectors.flatMap((collector) => collector.metrics);
  expect(new Set(metrics).size).toBe(metrics.length);
});

it('all of OpenTelemetry on this Linux machine: files, threads, disks, paging, load, heap', async () => {
  if (process.platform !== 'linux') return;
  const read = await Promise.all(collectors.map((collector) => readTwice(collector)));
  const metrics = new Set<string>(read.flatMap(({ measurements }) => measurements.map(({ metric }) => metric)));
  const expected = `system.cpu.utilization system.memory.utilization system.cpu.load_average.1m system.paging.faults
    system.filesystem.utilization process.cpu.utilization process.memory.usage process.unix.file_descriptor.count
    process.thread.count process.context_switches nodejs.eventloop.delay.p99 nodejs.eventloop.utilization
    v8js.memory.heap.used`.split(/\s+/);
  expect([...metrics]).toEqual(expect.arrayContaining(expected));
});

async function readTwice(collector: ResourceCollector, host = thisHost) {
  const complaints: string[] = [];
  const reader = collector.open(host, {
    record: () => {},
    complain: (message) => complaints.push(message),
    dcgmExporter: undefined,
  });
  try {
    const earlier = await reader.read();
    await new Promise((resolve) => setTimeout(resolve, 60));
    return { earlier, measurements: await reader.read(), complaints };
  } catch (error) {
    return { earlier: [], measurements: [], complaints: [...complaints, String(error)] };
  } finally {
    reader.close?.();
  }
}

function seriesOf({ metric, attributes = {} }: Measurement): string {
  return JSON.stringify([metric, Object.entries(attributes).toSorted(([a], [b]) => a.localeCompare(b))]);
}
