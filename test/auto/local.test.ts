import { execFile } from 'node:child_process';
import { cp, mkdir, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { obtain } from '../components/component.ts';
import { lines } from '../sdk-lines/lines.ts';
import { installOurs, sdkLine } from '../sdk-lines/sdk-line.ts';
import { modelFolder, serveModels } from '../support/model-server.ts';
import { repositoryRoot } from '../support/source-files.ts';
import { SketchReceivingEnd } from '../support/sketch-receiving-end.ts';
import { spansOf } from '../support/spans.ts';

const run = promisify(execFile);
const register = ['--import', '@driftline/instrumentation/register'] as const;

/** The real libraries with the small real models of `models/`, in applications that know nothing of us. */
describe.each(lines)('models in the process with $name', ({ name, dependencies }) => {
  let project: string | undefined;
  let vendor: SketchReceivingEnd;
  let driftService: SketchReceivingEnd;
  let models: Awaited<ReturnType<typeof serveModels>>;

  beforeAll(async () => {
    const instrumentation = dependencies['@opentelemetry/sdk-node'] ?? '';
    const line = {
      name: `${name}-auto-local`,
      dependencies: { ...dependencies, '@opentelemetry/instrumentation': instrumentation },
    };
    const availability = await obtain(sdkLine(line));
    if (availability.state === 'missing') return;
    project = availability.path;
    await installOurs(project);
    for (const library of ['@tensorflow/tfjs', '@huggingface/transformers']) await borrow(library, project);
    await cp(join(import.meta.dirname, 'applications'), project, { recursive: true });
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

  async function runNode(args: readonly string[]): Promise<void> {
    await run(process.execPath, args, {
      cwd: project,
      env: {
        PATH: process.env['PATH'],
        ORT_DISABLE_TELEMETRY: '1',
        OTEL_SERVICE_NAME: 'airport',
        OTEL_EXPORTER_OTLP_ENDPOINT: vendor.url,
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
        OTEL_METRICS_EXPORTER: 'none',
        OTEL_LOGS_EXPORTER: 'none',
        DRIFTLINE_ENDPOINT: driftService.url,
      },
    });
  }

  /** Span, rows and whether it failed, of each call. */
  const calls = () =>
    spansOf(vendor).map(({ name: span, attributes, hasFailed }) => [
      span,
      Number(attributes['ml.operation.batch.size'] ?? 1),
      ...(hasFailed ? ['failed'] : []),
    ]);

  const flights = [
    ['predict late-flights', 3],
    ['predict late-flights', 2],
    ['predict late-flights', 1, 'failed'],
    ['predict late-flights-graph', 3],
    ['predict late-flights-graph', 3],
    ['predict late-flights-graph', 3],
    ['predict late-flights-graph', 3],
  ];

  it.each(['tensorflow-js.js', 'tensorflow-js.cjs'])(
    'watches TensorFlow.js in an untouched %s',
    async (application) => {
      await runNode([...register, application, models.url]);
      expect(calls()).toEqual(flights);
      const systems = spansOf(vendor).map(({ attributes }) => attributes['ml.system.name']);
      expect(new Set(systems)).toEqual(new Set(['tensorflow_js']));
    },
  );

  it('is registered by an application that had loaded TensorFlow.js, and leaves the very same methods behind', async () => {
    await runNode(['tensorflow-js-registered.cjs', models.url]);
    expect(calls()).toEqual(flights);
  });

  it.each(['transformers-js.js', 'transformers-js.cjs'])(
    'watches pipelines in an untouched %s, each call one prediction',
    async (application) => {
      await runNode([...register, application, fileURLToPath(modelFolder)]);
      expect(calls()).toEqual([
        ['predict review-sentiment', 1],
        ['predict review-sentiment', 2],
        ['embed review-sentiment', 2],
      ]);
      expect(vendor.requests.some(({ body }) => body.includes('great camera'))).toBe(false);
      expect(driftService.requests.some(({ body }) => body.includes('great camera'))).toBe(false);
    },
  );
});

/** From this repository's own installation: the libraries are large, and the same on both lines. */
async function borrow(library: string, project: string): Promise<void> {
  const place = join(project, 'node_modules', library);
  await mkdir(dirname(place), { recursive: true });
  await rm(place, { recursive: true, force: true });
  await symlink(join(repositoryRoot, 'node_modules', library), place);
}
