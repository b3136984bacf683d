import { execFile } from 'node:child_process';
import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { withProfileId } from '@driftline/sketches';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { obtain } from '../components/component.ts';
import { mlserver } from '../components/mlserver.ts';
import { lines } from '../sdk-lines/lines.ts';
import { installOurs, sdkLine } from '../sdk-lines/sdk-line.ts';
import { MLServerAtWork } from '../support/mlserver-at-work.ts';
import { seededProfile } from '../support/seeded-profile.ts';
import { SketchReceivingEnd } from '../support/sketch-receiving-end.ts';
import { type ReceivedSpan, spansOf } from '../support/spans.ts';

const run = promisify(execFile);

/** OpenTelemetry's own instrumentations of HTTP for each line of its SDK, and the clients that applications use. */
const undiciInstrumentation: Readonly<Record<string, string>> = { '0.223.0': '0.33.0', '0.301.0': '0.34.0' };
const clients = {
  '@aws-sdk/client-sagemaker-runtime': '3.1164.0',
  '@google-cloud/aiplatform': '7.4.0',
  axios: '1.21.1',
  got: '16.1.0',
  undici: '8.12.4',
};

/** The last for a model that nobody knows. */
const askedBy = ['fetch', 'fetch of a Request', 'axios', 'got', 'node:http', 'undici request', 'undici pool', 'fetch'];

const register = ['--import', '@driftline/instrumentation/register'] as const;

describe.each(lines)('remote models with $name', ({ name, dependencies }) => {
  let project: string | undefined;
  let modelServer: MLServerAtWork | undefined;
  let vendor: SketchReceivingEnd;
  let driftService: SketchReceivingEnd;

  beforeAll(async () => {
    const line = dependencies['@opentelemetry/sdk-node'] ?? '';
    const availability = await obtain(
      sdkLine({
        name: `${name}-remote`,
        dependencies: {
          ...dependencies,
          ...clients,
          '@opentelemetry/instrumentation': line,
          '@opentelemetry/instrumentation-http': line,
          '@opentelemetry/instrumentation-undici': undiciInstrumentation[line] ?? '',
        },
      }),
    );
    const server = await obtain(mlserver);
    if (availability.state === 'missing' || server.state === 'missing') return;
    await installOurs(availability.path);
    await cp(join(import.meta.dirname, 'remote'), availability.path, { recursive: true });
    const model = { name: 'hiring', version: '3' };
    const binding = { input: 'X', columns: ['x0', 'x1'], score: 'predict_proba[1]' };
    const profile = withProfileId({ ...seededProfile({ model, numericFeatures: 2, outputs: ['score'] }), binding });
    await writeFile(join(availability.path, 'hiring.profile.json'), JSON.stringify(profile));
    modelServer = await MLServerAtWork.start(server.path);
    project = availability.path;
  });

  afterAll(async () => {
    await modelServer?.[Symbol.asyncDispose]();
  });

  beforeEach(async ({ skip }) => {
    skip(project === undefined, `${name} or MLServer is not installed`);
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
  ): Promise<readonly Said[]> {
    const { stdout } = await run(process.execPath, args, {
      cwd: project,
      env: {
        PATH: process.env['PATH'],
        MODEL_SERVER: modelServer?.url,
        OTEL_SERVICE_NAME: 'hiring-api',
        OTEL_EXPORTER_OTLP_ENDPOINT: vendor.url,
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
        OTEL_METRICS_EXPORTER: 'otlp',
        OTEL_LOGS_EXPORTER: 'none',
        DRIFTLINE_ENDPOINT: driftService.url,
        ...env,
      },
    });
    return stdout
      .trim()
      .split('\n')
      .map((line): Said => JSON.parse(line));
  }

  function expectClientSpans(said: readonly Said[]): readonly ReceivedSpan[] {
    const spans = spansOf(vendor).filter(({ scope }) => scope === '@driftline/instrumentation');
    const asked = spans.filter((span) => span.name === 'predict hiring');
    expect(asked).toHaveLength(said.filter(({ probabilities }) => probabilities !== undefined).length);
    for (const { kind, attributes } of asked) {
      expect(kind).toBe(3);
      expect(attributes).toMatchObject({ 'ml.system.name': 'kserve', 'server.address': '127.0.0.1' });
      expect(Number(attributes['server.port'])).toBe(Number(new URL(modelServer?.url ?? '').port));
    }
    const [failed] = spans.filter((span) => span.name === 'predict nobody');
    expect(failed).toMatchObject({ hasFailed: true, attributes: { 'error.type': '404' } });
    return asked;
  }

  /** As the model's server saw it: one header, of the span that sent the request. */
  function expectContinuedTraces(said: readonly Said[]): void {
    const spans = spansOf(vendor);
    for (const { client, traceparent } of said.filter(({ probabilities }) => probabilities !== undefined)) {
      const [, traceId, parent] = /^00-([0-9a-f]{32})-([0-9a-f]{16})-01$/.exec(traceparent ?? '') ?? [];
      expect({ client, sender: spans.find(({ spanId }) => spanId === parent) }).toMatchObject({
        client,
        sender: { traceId, kind: 3 },
      });
      expect(spans.filter((span) => span.traceId === traceId && span.name === 'predict hiring')).toHaveLength(1);
    }
  }

  it.each(['alone', 'before those of HTTP', 'after those of HTTP'])(
    'watches every client, with our instrumentations registered %s',
    async (order) => {
      const said = await runNode(['ask-all.cjs'], { ORDER: order });
      expect(said.map(({ client }) => client)).toEqual(askedBy);
      expect(said.slice(0, 7).map(({ probabilities }) => probabilities?.length)).toEqual(Array(7).fill(4));
      expect(said[7]).toMatchObject({ status: 404, answer: { error: 'Model nobody not found' } });
      expectClientSpans(said);
      expectContinuedTraces(said);
      // The body of a Request is a stream: not read.
      const ages = driftService.point('ml.feature.value', { 'ml.feature.name': 'age' });
      expect(ages.count).toBe('12');
      expect(driftService.point('ml.output.value', { 'ml.output.name': 'score' }).count).toBe('14');
    },
  );

  it('watches an application that knows nothing of it', async () => {
    const said = await runNode([...register, 'ask-all.js'], { DRIFTLINE_PROFILES: './hiring.profile.json' });
    expectClientSpans(said);
    expectContinuedTraces(said);
    const hours = driftService.point('ml.feature.value', { 'ml.feature.name': 'x1', 'ml.model.version': '3' });
    expect(hours).toMatchObject({ count: '12', kind: 'histogram' });
    const duration = vendor.points.filter(({ metric }) => metric === 'ml.client.prediction.duration');
    expect(new Set(duration.map(({ attributes }) => attributes['error.type']))).toEqual(new Set(['404', undefined]));
  });

  it.each([
    ['ask-others.cjs', []],
    ['ask-others.js', register],
  ])('watches TensorFlow Serving, SageMaker and Vertex AI in %s', async (application, args) => {
    const said = await runNode([...args, application]);
    expect(said.filter(({ answer }) => !isTrace(answer)).map(({ client, answer }) => [client, answer])).toEqual([
      ['rows', { predictions: [[5], [10]] }],
      ['columns', { outputs: [[15]] }],
      [
        'classify',
        {
          result: [
            [
              ['sound', 0.25],
              ['defect', 0.75],
            ],
            [
              ['sound', 1],
              ['defect', 0],
            ],
          ],
        },
      ],
      ['sagemaker', '0.25\n0.75\n'],
      ['sagemaker refused', 'ModelError'],
      ['vertex', [{ score: 0 }, { score: 0.5 }]],
      ['vertex refused', 3],
    ]);
    const spans = spansOf(vendor).filter(({ kind }) => kind === 3);
    const claims = application.endsWith('.cjs') ? 'predict claims' : 'predict 4711';
    expect(spans.map((span) => [span.name, span.attributes['ml.system.name'], span.attributes['error.type']])).toEqual([
      ['predict fares', 'tensorflow_serving', undefined],
      ['predict fares', 'tensorflow_serving', undefined],
      ['predict defects', 'tensorflow_serving', undefined],
      ['predict churn', 'aws.sagemaker', undefined],
      ['predict broken', 'aws.sagemaker', 'ModelError'],
      [claims, 'gcp.vertex_ai', undefined],
      [claims, 'gcp.vertex_ai', 'INVALID_ARGUMENT'],
    ]);
    const seen = said.map(({ answer }) => answer).filter(isTrace);
    expect(seen.map(({ traceparent }) => traceparent)).toEqual(
      spans.map(({ traceId, spanId }) => `00-${traceId}-${spanId}-01`),
    );
  });

  it('reads the features and answers of every documented format', async () => {
    await runNode(['ask-others.cjs']);
    const counted = driftService.points
      .filter(
        ({ metric, attributes }) =>
          metric !== 'ml.output.value' && attributes['ml.feature.observation.status'] === 'valid',
      )
      .map(({ attributes, asInt }) =>
        [
          attributes['ml.model.name'],
          attributes['ml.feature.name'] ?? attributes['ml.output.name'],
          Number(asInt),
        ].join(' '),
      );
    expect(new Set(counted)).toEqual(
      new Set([
        'fares distance 3',
        'fares hour 3',
        'fares value 3',
        'defects width 2',
        'defects colour 2',
        'defects class 2',
        'defects score 2',
        'churn months 2',
        'churn calls 2',
        'churn score 2',
        'claims amount 2',
        'claims region 2',
        'claims score 2',
      ]),
    );
  });
});

interface Said {
  readonly client: string;
  readonly probabilities?: readonly number[];
  readonly traceparent?: string;
  readonly status?: number;
  readonly answer?: unknown;
}

interface SeenTrace {
  readonly traceparent: string;
}

function isTrace(answer: unknown): answer is SeenTrace {
  return typeof answer === 'object' && answer !== null && 'traceparent' in answer;
}
