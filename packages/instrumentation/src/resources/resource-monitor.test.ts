import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../clock.ts';
import { Faults } from '../faults.ts';
import { defineResourceCollector, type Measurement } from './collectors/resource-collector.ts';
import { ResourceMonitor, type ResourceMonitorOptions } from './resource-monitor.ts';

let nowMs = 0;
let faults: Faults;
let said: unknown[];

beforeEach(() => {
  nowMs = 0;
  said = [];
  faults = new Faults();
  vi.spyOn(console, 'warn').mockImplementation((message) => said.push(message));
});

afterEach(() => {
  vi.restoreAllMocks();
});

const uptime = (value: number): readonly Measurement[] => [{ metric: 'process.uptime', value }];

const collectorOf = (name: string, read: () => Promise<readonly Measurement[]>, platforms: 'all' | ['aix'] = 'all') =>
  defineResourceCollector({ name, answers: '?', platforms, metrics: [], copies: [], open: () => ({ read }) });

const monitorOf = (collectors: ResourceMonitorOptions['collectors']) =>
  new ResourceMonitor({
    collectors,
    host: { platform: 'linux', root: '/', now: () => nowMs },
    clock: systemClock,
    faults,
    record: () => {},
    dcgmExporter: undefined,
    patienceMs: 50,
  });

it('asks once for several readers of one interval', async () => {
  let asked = 0;
  const monitor = monitorOf([collectorOf('a', async () => uptime(++asked))]);
  expect(await Promise.all([monitor.collect(), monitor.collect()])).toEqual([uptime(1), uptime(1)]);
  nowMs += 4999;
  expect(await monitor.collect()).toEqual(uptime(1));
  nowMs += 1;
  expect(await monitor.collect()).toEqual(uptime(2));
});

describe('a slow collector', () => {
  it('holds up nobody, is never asked twice at once, and is told at the next collection', async () => {
    let asked = 0;
    const answer = Promise.withResolvers<readonly Measurement[]>();
    const slow = collectorOf('slow', () => {
      asked++;
      return answer.promise;
    });
    const monitor = monitorOf([slow, collectorOf('quick', async () => uptime(1))]);
    expect(await monitor.collect()).toEqual(uptime(1));
    expect(await monitor.collect()).toEqual(uptime(1));
    expect(asked).toBe(1);
    answer.resolve([{ metric: 'hw.power', value: 70 }]);
    await answer.promise;
    expect(await monitor.collect()).toEqual([{ metric: 'hw.power', value: 70 }, ...uptime(1)]);
  });
});

describe('a failing collector', () => {
  it('is counted each time, said once, and does not hide the others', async () => {
    const failing = collectorOf('broken', () => Promise.reject(new Error('EIO: i/o error')));
    const monitor = monitorOf([failing, collectorOf('fine', async () => uptime(1))]);
    for (let collection = 0; collection < 3; collection++) {
      expect(await monitor.collect()).toEqual(uptime(1));
      nowMs += 60_000;
    }
    expect(faults.counts).toEqual({ resources: 3 });
    expect(said).toEqual([expect.stringContaining('resources "broken" cannot be read: Error: EIO: i/o error')]);
  });

  it('does not report for ever what it last knew', async () => {
    let isBroken = false;
    const monitor = monitorOf([
      collectorOf('a', async () => {
        if (isBroken) throw new Error('gone');
        return uptime(7);
      }),
    ]);
    await monitor.collect();
    isBroken = true;
    nowMs += 2 * 60_000;
    expect(await monitor.collect()).toEqual(uptime(7));
    nowMs += 60_000;
    expect(await monitor.collect()).toEqual([]);
  });

  it('that cannot even be opened is left out', async () => {
    const unopenable = defineResourceCollector({
      ...collectorOf('odd', async () => []),
      open: () => {
        throw new Error('not here');
      },
    });
    expect(await monitorOf([unopenable]).collect()).toEqual([]);
    expect(faults.counts).toEqual({ resources: 1 });
  });
});

it('leaves out what is for other platforms, and numbers that are none', async () => {
  const other = collectorOf('other', async () => uptime(1), ['aix']);
  const odd = collectorOf('odd', async () => [...uptime(Number.NaN), ...uptime(Number.POSITIVE_INFINITY)]);
  expect(await monitorOf([other, odd]).collect()).toEqual([]);
});
