import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  categoricalReference,
  NumericReferenceCounter,
  parseReferenceProfile,
  type ReferenceProfile,
  referenceEdges,
  withProfileId,
} from '@driftline/sketches';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { obtain } from '../components/component.ts';
import { lines } from '../sdk-lines/lines.ts';
import { installOurs, sdkLine } from '../sdk-lines/sdk-line.ts';
import { modelFolder, serveModels } from '../support/model-server.ts';
import { SketchReceivingEnd } from '../support/sketch-receiving-end.ts';
import { type ReceivedSpan, spansOf } from '../support/spans.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
const register = ['--import', '@driftline/instrumentation/register'] as const;

describe.each(lines)('TensorFlow.js and transformers.js with $name', ({ name, dependencies }) => {
  let project: string | undefined;
  let profiles = '';
  let vendor: SketchReceivingEnd;
  let driftService: SketchReceivingEnd;
  let models: Awaited<ReturnType<typeof serveModels>>;

  beforeAll(async () => {
    const instrumentation = dependencies['@opentelemetry/sdk-node'] ?? '';
    const availability = await obtain(
      sdkLine({
        name: `${name}-local`,
        dependencies: { ...dependencies, '@opentelemetry/instrumentation': instrumentation },
      }),
    );
    if (availability.state === 'missing') return;
    const { path } = availability;
    await installOurs(path);
    await borrow('@tensorflow/tfjs', path);
    await borrow('@huggingface/transformers', path);
    await cp(join(import.meta.dirname, 'local'), path, { recursive: true });
    const written = await Promise.all(
      [
        await lateFlights('late-flights', 'late'),
        await lateFlights('late-flights-graph', 'output_0'),
        reviewSentiment(),
      ].map(async (profile) => {
        const file = `${profile.model.name}.profile.json`;
        await writeFile(join(path, file), JSON.stringify(profile));
        return file;
      }),
    );
    profiles = written.join();
    project = path;
  });

  beforeEach(async ({ skip }) => {
    skip(project === undefined, `${name} is not installed`);
    vendor = await SketchReceivingEnd.start();
    driftService = await SketchReceivingEnd.start();
    models = await serveModels();
  });

  afterEach(async () => {
    await vendor?.stop();
    await driftService?.stop();
    await models?.[Symbol.asyncDispose]();
  });

  async function runNode(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
    const { stderr } = await run(process.execPath, [...args, models.url, fileURLToPath(modelFolder)], {
      cwd: project,
      env: {
        PATH: process.env['PATH'],
        ORT_DISABLE_TELEMETRY: '1',
        OTEL_SERVICE_NAME: 'shop',
        OTEL_EXPORTER_OTLP_ENDPOINT: vendor.url,
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
        OTEL_METRICS_EXPORTER: 'none',
        OTEL_LOGS_EXPORTER: 'none',
        DRIFTLINE_ENDPOINT: driftService.url,
        DRIFTLINE_PROFILES: profiles,
        ...env,
      },
    });
    return stderr;
  }

  const count = (metric: string, model: string, attributes: Readonly<Record<string, string>>): unknown => {
    const { count, asInt } = driftService.point(metric, { 'ml.model.name': model, ...attributes });
    return Number(count ?? asInt);
  };

  function expectEachRowOnce(): void {
    const rowsSeen = ([model, feature]: readonly [string, string]): unknown =>
      count('ml.feature.value', model, { 'ml.feature.name': feature });
    expect(rowsSeen(['late-flights', 'recent_delay'])).toBe(5);
    expect(rowsSeen(['late-flights-graph', 'recent_delay'])).toBe(12);
    expect(rowsSeen(['review-sentiment', 'length'])).toBe(5);
    const scores = { 'ml.output.name': 'score' };
    expect(count('ml.output.value', 'late-flights', scores)).toBe(5);
    expect(count('ml.output.value', 'late-flights-graph', scores)).toBe(12);
    const classes = { 'ml.output.name': 'class' };
    expect(
      count('ml.output.category.observations', 'review-sentiment', { ...classes, 'ml.feature.category': 'positive' }),
    ).toBe(1);
    expect(
      count('ml.output.category.observations', 'review-sentiment', { ...classes, 'ml.feature.category': 'negative' }),
    ).toBe(2);
    const calls = { 'ml.output.name': 'latency' };
    expect(count('ml.output.value', 'late-flights', calls)).toBe(3);
    expect(count('ml.output.value', 'late-flights-graph', calls)).toBe(4);
    expect(count('ml.output.value', 'review-sentiment', calls)).toBe(4);
  }

  function expectASpanForEachCall(): void {
    expect(spansOf(vendor).map(inShort)).toEqual([
      'predict late-flights of 3 by tensorflow_js',
      'predict late-flights of 2 by tensorflow_js',
      'predict late-flights of 1 by tensorflow_js failed',
      ...Array(4).fill('predict late-flights-graph of 3 by tensorflow_js'),
      'predict review-sentiment of 1 by transformers_js',
      'predict review-sentiment of 2 by transformers_js',
      'embed review-sentiment of 2 by transformers_js',
      'predict review-sentiment of 1 by transformers_js failed',
    ]);
  }

  it.each(['service.js', 'service.cjs'])('are watched in an untouched %s, and no text leaves', async (application) => {
    await runNode([...register, application]);
    expectEachRowOnce();
    expectASpanForEachCall();
    for (const { body } of [...vendor.requests, ...driftService.requests]) expect(body).not.toMatch(/camera|support/i);
  });

  it('are registered by an application, one loaded before and one after, and left as they were', async () => {
    await runNode(['registered.cjs']);
    expectEachRowOnce();
    expectASpanForEachCall();
  });

  it('are named after model and folder where no profile knows them, with their revision', async () => {
    const said = await runNode([...register, 'service.js'], { DRIFTLINE_PROFILES: '' });
    expectASpanForEachCall();
    const versions = spansOf(vendor).map(({ attributes }) => attributes['ml.model.version']);
    expect(versions).toEqual([...Array(7).fill(undefined), ...Array(4).fill('v2')]);
    expect(said.match(/"(.*)" \(.*\) has no profile/g)).toEqual([
      expect.stringContaining('"late-flights" (tensorflow-js)'),
      expect.stringContaining('"late-flights-graph" (tensorflow-js)'),
      expect.stringContaining('"review-sentiment" (transformers-js)'),
    ]);
  });
});

function inShort({ name, attributes, hasFailed }: ReceivedSpan): string {
  const { 'ml.operation.batch.size': rows = 1, 'ml.system.name': system } = attributes;
  return `${name} of ${String(rows)} by ${String(system)}${hasFailed ? ' failed' : ''}`;
}

/** The libraries are large, so they are borrowed from our own tree: they know nothing of OpenTelemetry. */
async function borrow(library: string, project: string): Promise<void> {
  const link = join(project, 'node_modules', library);
  await rm(link, { recursive: true, force: true });
  await mkdir(dirname(link), { recursive: true });
  await symlink(join(root, 'node_modules', library), link, 'dir');
}

/** What the demo's profile knows of the features that this network has. */
async function lateFlights(name: string, output: string): Promise<ReferenceProfile> {
  const {
    features,
    coMoments: _ofAllFeatures,
    ...demo
  } = parseReferenceProfile(JSON.parse(await readFile(join(root, 'examples/demo/flights.profile.json'), 'utf8')));
  const columns = ['hour', 'distance', 'departures', 'recent_delay', 'temperature'];
  return withProfileId({
    ...demo,
    model: { name, version: '' },
    features: Object.fromEntries(Object.entries(features).filter(([feature]) => columns.includes(feature))),
    binding: { input: 'flight', columns, score: `${output}[0]` },
  });
}

function reviewSentiment(): ReferenceProfile {
  const lengths = Float64Array.from({ length: 100 }, (_, text) => 10 + text);
  const counter = new NumericReferenceCounter(referenceEdges(lengths));
  for (const length of lengths) counter.record(length);
  return withProfileId({
    format: 'driftline.profile/1',
    model: { name: 'review-sentiment', version: '2014' },
    rows: lengths.length,
    features: { length: counter.reference(lengths.length) },
    outputs: {
      class: categoricalReference(
        new Map([
          ['positive', 60],
          ['negative', 40],
        ]),
        lengths.length,
      ),
    },
  });
}
