import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SketchReceivingEnd } from '../../../test/support/sketch-receiving-end.ts';
import { startDriftline } from './driftline.ts';
import { monitorModel } from './monitor-model.ts';
import type { Driftline } from './start.ts';

describe('fewer rows than privacy.minimumRows', () => {
  let end: SketchReceivingEnd;
  let driftline: Driftline | undefined;

  beforeEach(async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    end = await SketchReceivingEnd.start();
  });

  afterEach(async () => {
    await driftline?.shutdown();
    await end.stop();
    vi.restoreAllMocks();
  });

  const start = () =>
    (driftline = startDriftline({ service: 'shop-web', endpoint: end.url, privacy: { minimumRows: 3 } }));

  it('stay at home also where they were recorded before the start', async () => {
    monitorModel({ name: 'early', features: { x: 'numeric' } }).record({ features: { x: 42 } });
    start();
    await driftline?.flush();
    expect(end.requests).toEqual([]);
    expect(driftline?.status().droppedRows).toEqual({ minimum_rows: 1 });
  });

  it('are no segment of their own, and count in the whole', async () => {
    start();
    const monitor = monitorModel({ name: 'ranking', features: { x: 'numeric' } });
    const at = Date.UTC(2026, 10, 20, 12);
    for (const region of ['eu', 'eu', 'eu', 'us']) monitor.record({ features: { x: 1 }, segment: { region }, at });
    await driftline?.flush();
    const counted = end.points
      .filter(({ metric }) => metric === 'ml.feature.value')
      .map(({ attributes, count }) => [attributes['ml.segment.value'], count]);
    expect(counted).toEqual([
      [undefined, '4'],
      ['eu', '3'],
    ]);
  });
});
