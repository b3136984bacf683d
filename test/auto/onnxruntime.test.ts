import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { parseReferenceProfile, withProfileId } from '@driftline/sketches';
import { afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { obtain } from '../components/component.ts';
import { lines } from '../sdk-lines/lines.ts';
import { installOurs, sdkLine, whatOursDependOn } from '../sdk-lines/sdk-line.ts';
import { SketchReceivingEnd } from '../support/sketch-receiving-end.ts';

const run = promisify(execFile);
const demo = join(import.meta.dirname, '../../examples/demo');

const binding = {
  inputs: {
    numbers: [
      'hour',
      'distance',
      'planned_time',
      'departures',
      'recent_delay',
      'seats',
      'aircraft_age',
      'temperature',
      'precipitation',
    ],
    names: ['carrier', 'origin', 'weekday'],
  },
  score: 'probabilities[1]',
};

const register = ['--import', '@driftline/instrumentation/register'] as const;
/** One call each of 1 to 10 rows, and a failed one without any. */
const rows = 55;

describe.each(lines)('ONNX Runtime with $name', ({ name, dependencies }) => {
  let project: string | undefined;
  let vendor: SketchReceivingEnd;
  let driftService: SketchReceivingEnd;

  beforeAll(async () => {
    const instrumentation = dependencies['@opentelemetry/sdk-node'] ?? '';
    const line = {
      name: `${name}-auto`,
      dependencies: { ...dependencies, '@opentelemetry/instrumentation': instrumentation },
    };
    const availability = await obtain(sdkLine(line));
    if (availability.state === 'missing') return;
    await installOurs(availability.path);
    await installModel(availability.path);
    project = availability.path;
  });

  beforeEach(async ({ skip }) => {
    skip(project === undefined, `${name} is not installed`);
    vendor = await SketchReceivingEnd.start();
    driftService = await SketchReceivingEnd.start();
  });

  afterEach(async () => {
    await vendor?.stop();
    await driftService?.stop();
  });

  async function runNode(
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
    cwd = project,
  ): Promise<string> {
    const { stderr } = await run(process.execPath, args, {
      cwd,
      env: {
        PATH: process.env['PATH'],
        ORT_DISABLE_TELEMETRY: '1',
        OTEL_SERVICE_NAME: 'hiring-api',
        OTEL_EXPORTER_OTLP_ENDPOINT: vendor.url,
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
        OTEL_METRICS_EXPORTER: 'none',
        OTEL_LOGS_EXPORTER: 'none',
        DRIFTLINE_ENDPOINT: driftService.url,
        DRIFTLINE_PROFILES: './late-arrival.profile.json',
        ...env,
      },
    });
    return stderr;
  }

  function expectEachRowOnce(): void {
    const model = { 'ml.model.name': 'late-arrival', 'ml.model.version': '2013-03' };
    const distances = driftService.point('ml.feature.value', { ...model, 'ml.feature.name': 'distance' });
    expect(distances).toMatchObject({ count: String(rows), kind: 'histogram' });
    expect(distances.attributes['ml.reference.id']).toMatch(/^sha256:/);
    const carriers = { ...model, 'ml.feature.name': 'carrier', 'ml.feature.category': 'UA' };
    expect(driftService.point('ml.feature.category.observations', carriers).asInt).toBe(String(rows));
    expect(driftService.point('ml.output.value', { ...model, 'ml.output.name': 'score' }).count).toBe(String(rows));
    expect(driftService.point('ml.output.value', { ...model, 'ml.output.name': 'latency' }).count).toBe('11');
    expect(new Set(driftService.points.map(({ attributes }) => attributes['ml.model.name']))).toEqual(
      new Set(['late-arrival']),
    );
  }

  function expectSpans(): void {
    const spans = spansOf(vendor);
    expect(spans.map(({ name: spanName }) => spanName)).toEqual(Array(11).fill('predict late-arrival'));
    expect(spans[9]?.attributes).toContainEqual({ key: 'ml.operation.batch.size', value: { intValue: 10 } });
    expect(spans[9]?.attributes).toContainEqual({ key: 'ml.system.name', value: { stringValue: 'onnxruntime' } });
    expect(spans[10]?.status.code).toBe(2);
  }

  it.each(['service.js', 'service.cjs'])('watches an untouched %s from outside', async (application) => {
    await runNode([...register, application]);
    expectEachRowOnce();
    expectSpans();
  });

  it('leaves the application its own SDK', async () => {
    await runNode([...register, 'own-sdk.js']);
    expectEachRowOnce();
    expectSpans();
    expect(vendor.requests.map(({ body }) => body.includes('of-the-application'))).not.toContain(false);
  });

  it('counts once what was hooked twice', async () => {
    await runNode([...register, ...register, 'twice.js']);
    expectEachRowOnce();
    expectSpans();
  });

  it('counts once next to a loader of OpenTelemetry that hooks every module', async () => {
    await runNode(['--experimental-loader', '@opentelemetry/instrumentation/hook.mjs', ...register, 'service.js']);
    expectEachRowOnce();
    expectSpans();
  });

  it('is registered by an application that had loaded the library, and leaves the very same methods behind', async () => {
    await runNode(['registered.cjs']);
    expectEachRowOnce();
    expectSpans();
  });

  it('leaves alone what runs inside a call that the application watches itself', async () => {
    await runNode([...register, 'nested.js']);
    expect(driftService.point('ml.output.value', { 'ml.output.name': 'latency' }).count).toBe('5');
    expect(spansOf(vendor)).toHaveLength(5);
  });

  it('names a model by its file where it has no profile, and says once what is missing', async () => {
    const said = await runNode([...register, 'service.js'], { DRIFTLINE_PROFILES: './nowhere.json' });
    expect(said).toMatch(
      /^driftline: DRIFTLINE_PROFILES: \.\/nowhere\.json does not exist, seen from .*"\. Said once\.$/m,
    );
    expect(said.match(/has no profile, so only spans and latency of it are seen/g)).toHaveLength(1);
    expect(driftService.points.filter(({ metric }) => metric.startsWith('ml.feature.'))).toEqual([]);
    expect(spansOf(vendor)).toHaveLength(11);
  });

  it('lets the application run where a package is missing, and says which', async () => {
    const bare = await mkdtemp(join(tmpdir(), 'driftline-bare-'));
    onTestFinished(() => rm(bare, { recursive: true }));
    const installed = join(project ?? '', 'node_modules');
    for (const name of ['@driftline', '@opentelemetry/api', ...Object.keys(whatOursDependOn())]) {
      await cp(join(installed, name), join(bare, 'node_modules', name), { recursive: true });
    }
    await writeFile(join(bare, 'application.mjs'), "console.error('the application ran');");
    const said = (await runNode([...register, 'application.mjs'], {}, bare)).split('\n');
    expect(said).toEqual([
      expect.stringMatching(
        /^driftline: models are not watched: Error: Cannot find package '@opentelemetry\/instrumentation' .* The application runs without\. Install it: npm i @opentelemetry\/instrumentation @opentelemetry\/api\.$/,
      ),
      'the application ran',
      '',
    ]);
  });

  it.each(['DRIFTLINE_DISABLED', 'OTEL_SDK_DISABLED'])('does nothing with %s=true', async (variable) => {
    expect(await runNode([...register, 'service.js'], { [variable]: 'true' })).toBe('');
    expect([...driftService.requests, ...vendor.requests]).toEqual([]);
  });

  it('sends what it has when the process is told to end, and ends as it would have', async () => {
    const ended = runNode([...register, 'until-told.js']);
    await expect(ended).rejects.toMatchObject({ signal: 'SIGTERM' });
    expectEachRowOnce();
  });
});

/** The library is 300 MB, so it is borrowed from our own tree: it knows nothing of OpenTelemetry. */
async function installModel(project: string): Promise<void> {
  const library = dirname(createRequire(join(demo, 'service.ts')).resolve('onnxruntime-node/package.json'));
  const link = join(project, 'node_modules/onnxruntime-node');
  await rm(link, { recursive: true, force: true });
  await symlink(library, link, 'dir');
  await cp(join(import.meta.dirname, 'applications'), project, { recursive: true });
  await cp(join(demo, 'flights.onnx'), join(project, 'late-arrival.onnx'));
  const profile = parseReferenceProfile(JSON.parse(await readFile(join(demo, 'flights.profile.json'), 'utf8')));
  await writeFile(join(project, 'late-arrival.profile.json'), JSON.stringify(withProfileId({ ...profile, binding })));
}

interface WireSpan {
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly status: { readonly code?: number };
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];
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
