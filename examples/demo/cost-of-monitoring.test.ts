import { expect, it } from 'vitest';
import { OtlpReceivingEnd } from '../../test/support/otlp-receiving-end.ts';
import { secondsAPrediction, SentBytes } from './cost-of-monitoring.ts';

const rows = Array.from({ length: 100 }, (_, row) => row);

function busyFor(ms: number): () => Promise<void> {
  return async () => {
    const end = performance.now() + ms;
    while (performance.now() < end);
  };
}

it('finds what watching adds to a call', async () => {
  const seconds = await secondsAPrediction({ watched: busyFor(0.05), unwatched: busyFor(0.02) }, rows);
  expect(seconds).toBeGreaterThan(20e-6);
  expect(seconds).toBeLessThan(60e-6);
});

it('says nothing where there are too few rows to tell', async () => {
  expect(await secondsAPrediction({ watched: busyFor(0), unwatched: busyFor(0) }, [1])).toBeUndefined();
});

it('counts the bytes that go to one address, and no others', async () => {
  await using end = new OtlpReceivingEnd();
  const url = await end.listen();
  using sent = new SentBytes(`${url}/v1/metrics`);
  expect(sent.bytesARequest).toBeUndefined();
  for (const size of [100, 300]) {
    const body = `{"resourceMetrics":[]}${' '.repeat(size - 22)}`;
    await fetch(`${url}/v1/metrics`, { method: 'POST', body });
    await fetch(`${url}/v1/logs`, { method: 'POST', body: '{}' });
  }
  expect(sent.bytesARequest).toBe(200);
});
