import { execFile } from 'node:child_process';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { obtain } from '../components/component.ts';
import { SketchReceivingEnd } from '../support/sketch-receiving-end.ts';
import { lines } from './lines.ts';
import { installOurs, sdkLine } from './sdk-line.ts';

const run = promisify(execFile);

/** Two receiving ends: the vendor that the SDK sends to, and the drift service. */
describe.each(lines)('with $name', (line) => {
  let project: string | undefined;
  let vendor: SketchReceivingEnd;
  let driftService: SketchReceivingEnd;

  beforeAll(async () => {
    const availability = await obtain(sdkLine(line));
    if (availability.state === 'missing') return;
    await installOurs(availability.path);
    await copyFile(join(import.meta.dirname, 'application.mjs'), join(availability.path, 'application.mjs'));
    project = availability.path;
  });

  beforeEach(async () => {
    vendor = await SketchReceivingEnd.start();
    driftService = await SketchReceivingEnd.start();
  });

  afterEach(async () => {
    await vendor.stop();
    await driftService.stop();
  });

  async function runApplication(start: string, env: Readonly<Record<string, string>> = {}): Promise<string> {
    const { stdout } = await run(process.execPath, ['application.mjs', start], {
      cwd: project,
      env: {
        PATH: process.env['PATH'],
        OTEL_EXPORTER_OTLP_ENDPOINT: vendor.url,
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
        OTEL_EXPORTER_OTLP_HEADERS: 'api-key=of-the-vendor',
        OTEL_METRICS_EXPORTER: 'otlp',
        OTEL_LOGS_EXPORTER: 'none',
        DRIFTLINE_ENDPOINT: driftService.url,
        ...env,
      },
    });
    return stdout;
  }

  function expectSketches(): void {
    const amounts = driftService.point('ml.feature.value', { 'ml.feature.name': 'amount' });
    expect(amounts).toMatchObject({ count: '21', kind: 'exponentialHistogram', temporality: 1 });
    expect(amounts.resource['service.name']).toBe('hiring-api');
    expect(amounts.resource['service.instance.id']).toEqual(expect.any(String));
    expect(driftService.point('ml.output.observations', { 'ml.feature.observation.status': 'failed' }).asInt).toBe('1');
    const leaked = vendor.points.filter(({ metric }) =>
      /^ml\.(feature\.|output\.|security\.observations$)/.test(metric),
    );
    expect(leaked).toEqual([]);
    expect(driftService.requests.map(({ headers }) => headers['api-key'])).toEqual(
      driftService.requests.map(() => undefined),
    );
  }

  function expectSpans(): void {
    const spans = spansOf(vendor).filter(({ name }) => name === 'predict fraud');
    expect(spans).toHaveLength(21);
    expect(spans.at(-1)).toMatchObject({ status: { code: 2 } });
    expect(
      Object.fromEntries(spans.at(-1)?.attributes.map(({ key, value }) => [key, value.stringValue]) ?? []),
    ).toEqual({
      'ml.model.name': 'fraud',
      'ml.model.version': '7',
      'ml.operation.name': 'predict',
      'error.type': 'RangeError',
    });
  }

  it('sends operations to the vendor and sketches to the drift service, with the resource of the SDK', async ({
    skip,
  }) => {
    skip(project === undefined, `${line.name} is not installed`);
    await runApplication('own-sdk', { OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'delta' });
    expectSketches();
    expectSpans();
    const succeeded = vendor.points.filter(
      ({ metric, attributes }) => metric === 'ml.prediction.duration' && attributes['error.type'] === undefined,
    );
    expect(succeeded.map(({ count, temporality, unit }) => [Number(count), temporality, unit])).toEqual([[20, 1, 's']]);
    expect(Number(vendor.point('ml.prediction.rows', { 'error.type': 'RangeError' }).asInt)).toBe(1);
    expect(vendor.point('ml.prediction.active').temporality).toBe(2);
  });

  it('gives two readers with producers of their own the same numbers, each in its temporality', async ({ skip }) => {
    skip(project === undefined, `${line.name} is not installed`);
    const inMemory: readonly { readonly metrics: readonly InMemoryMetric[] }[] = JSON.parse(
      await runApplication('metric-producer'),
    );
    expectSketches();
    const cumulative = vendor.points.filter(
      ({ metric, attributes }) => metric === 'ml.prediction.duration' && attributes['error.type'] === undefined,
    );
    expect(cumulative.map(({ count, temporality }) => [Number(count), temporality])).toContainEqual([20, 2]);
    const durations = inMemory
      .flatMap(({ metrics }) => metrics)
      .filter(({ descriptor }) => descriptor.name === 'ml.prediction.duration');
    expect(durations.flatMap(({ dataPoints }) => dataPoints).reduce((sum, { value }) => sum + value.count, 0)).toBe(21);
  });

  it('brings the SDK up from the Node entry where there is none', async ({ skip }) => {
    skip(project === undefined, `${line.name} is not installed`);
    await runApplication('node');
    expectSketches();
    expectSpans();
    const collected = vendor.requests.filter(({ path }) => path === '/v1/metrics').map(({ body }) => body);
    const names = [...collected.join('\n').matchAll(/"name":"([^"]+)"/g)].map(([, name]) => name);
    expect(names).toContain('process.unix.file_descriptor.count');
    expect(names).toContain('nodejs.eventloop.utilization');
  });

  it('sends sketches without any SDK, and nothing to the vendor', async ({ skip }) => {
    skip(project === undefined, `${line.name} is not installed`);
    await runApplication('alone');
    expectSketches();
    expect(vendor.requests).toEqual([]);
  });

  it.for(['DRIFTLINE_DISABLED', 'OTEL_SDK_DISABLED'])('sends nothing with %s=true', async (variable, { skip }) => {
    skip(project === undefined, `${line.name} is not installed`);
    await runApplication('own-sdk', { [variable]: 'true' });
    expect(driftService.requests).toEqual([]);
    expect(spansOf(vendor).filter(({ name }) => name === 'predict fraud')).toEqual([]);
  });
});

interface InMemoryMetric {
  readonly descriptor: { readonly name: string };
  readonly dataPoints: readonly { readonly value: { readonly count: number } }[];
}

interface WireSpan {
  readonly name: string;
  readonly status: { readonly code?: number };
  readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue?: string } }[];
}

function spansOf({ requests }: SketchReceivingEnd): readonly WireSpan[] {
  return requests
    .filter(({ path }) => path === '/v1/traces')
    .flatMap(({ body }) => {
      const request: {
        readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly WireSpan[] }[] }[];
      } = JSON.parse(body);
      return request.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));
    });
}
