import { context, metrics, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import {
  type Features,
  monitorModel,
  rowAnomalies,
  type SchemaLike,
  startDriftline,
  textFeatures,
} from '@driftline/instrumentation';
import { segmentFeature, withProfileId } from '@driftline/sketches';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { seededProfile } from '../support/seeded-profile.ts';
import { SketchReceivingEnd } from '../support/sketch-receiving-end.ts';
import { numbersIn, planted, textsIn } from './planted-values.ts';

const profile = seededProfile({ numericFeatures: 2, colours: { red: 1200, blue: 800 }, outputs: ['score'] });

const { colour } = profile.features;
if (colour === undefined) throw new Error('a colour');
/** Knows `red` as a segment of its own, and nobody else. */
const segmentedProfile = withProfileId({
  ...profile,
  segments: { colour: { red: { rows: profile.rows, features: { colour: segmentFeature(colour) }, outputs: {} } } },
});

describe('values that were planted everywhere', () => {
  let vendor: SketchReceivingEnd;
  let driftService: SketchReceivingEnd;
  let spans: TracerProvider;
  let meters: MeterProvider;
  let said: string[];

  beforeEach(async () => {
    vendor = await SketchReceivingEnd.start();
    driftService = await SketchReceivingEnd.start();
    said = [];
    for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) {
      vi.spyOn(console, method).mockImplementation(
        (...words: unknown[]) => void said.push(words.map(String).join(' ')),
      );
    }
    const exporter = new OTLPTraceExporter({ url: `${vendor.url}/v1/traces` });
    spans = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
    meters = new MeterProvider({
      readers: [
        new PeriodicExportingMetricReader({ exporter: new OTLPMetricExporter({ url: `${vendor.url}/v1/metrics` }) }),
      ],
    });
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    trace.setGlobalTracerProvider(spans);
    metrics.setGlobalMeterProvider(meters);
  });

  afterEach(async () => {
    trace.disable();
    metrics.disable();
    context.disable();
    vi.restoreAllMocks();
    await vendor.stop();
    await driftService.stop();
  });

  const { name, mail, diagnosis, id, key, category, answer, income, score, account, weight, debt } = planted;

  /** A row of each kind, one or a few a model, so that nothing hides among others. */
  async function predictEverything(): Promise<void> {
    const withProfile = monitorModel({ profile, anomalies: rowAnomalies });
    const scored = withProfile.wrap((row: Features) => ({ score, class: answer, row }), {
      features: (row) => row,
      id: () => id,
      prediction: (result) => result,
    });
    scored({ x0: income, x1: debt, colour: category });
    scored({ x0: account, x1: weight, colour: name, [`comment of ${name}`]: diagnosis });
    withProfile.record({ features: { x0: name, x1: Number.NaN, colour: weight }, prediction: { score }, id });
    withProfile.recordColumns({
      features: { x0: [income, weight], colour: [mail, category] },
      predictions: [score, debt],
    });

    const withoutProfile = monitorModel({ name: 'credit', outcomes: { joinById: false } });
    const decide = withoutProfile.wrap((row: Features) => ({ value: income, row }), {
      features: (row) => row,
      prediction: ({ value }) => ({ value }),
    });
    decide({ income, debt, account, name, mail, embedding: [income, weight, score], ...textFeatures(diagnosis) });
    monitorModel({ name: 'twice', profile: undefined }).record({ features: { income, weight }, prediction: income });
    const inBatch = monitorModel({ name: 'batch', features: { weight: 'numeric', city: 'categorical' } });
    inBatch.wrap((rows: readonly { weight: number; city: string }[]) => rows.map(() => score))([
      { weight, city: name },
      { weight, city: category },
    ]);

    const apart = monitorModel({ profile: segmentedProfile, quality: { distinct: 'all', duplicates: true } });
    const scoredApart = apart.wrap((_row: Features, owner: string) => ({ score, owner }), {
      features: (row) => row,
      segment: (_row, owner) => ({ colour: owner }),
      prediction: (result) => result,
    });
    for (const owner of [name, mail, diagnosis, 'red']) scoredApart({ x0: income, x1: debt, colour: category }, owner);
    apart.record({ features: { x0: weight, colour: id }, prediction: { score } });
    apart.recordColumns({ features: { x0: [income, debt] }, segment: { colour: [key, answer] } });
    monitorModel({ name: 'declared', features: { city: 'categorical' }, segments: ['city'] }).record({
      features: { city: answer.padEnd(101, '!') },
    });

    const schema = z.strictObject({
      income: z.number().max(0, { error: ({ input }) => `${String(input)} of ${name}` }),
      city: z.enum(['Berlin']),
      debt: z.number().refine(() => false, { message: mail, params: { diagnosis, debt } }),
    });
    const validated = monitorModel({ name: 'validated', features: schema, quality: { distinct: 'all' } });
    for (const city of [name, category]) {
      const row = { income, debt, city, [`comment of ${name}`]: diagnosis };
      validated.record({ features: Object.assign(row, { city: 'Berlin' as const }) });
      Reflect.apply(validated.record.bind(validated), undefined, [{ features: { ...row, city } }]);
    }
    const odd = { version: 1, vendor: 'own', validate: (row: unknown) => ({ issues: complaintsOf(row) }) } as const;
    const complaintsOf = (row: unknown) =>
      [name, mail, id, income, category].map((code) => ({ message: diagnosis, path: [code], code, type: code, row }));
    const oddSchema: SchemaLike<{ debt: number }> = { '~standard': odd };
    monitorModel({ name: 'odd', features: oddSchema, kinds: { debt: 'numeric' } }).record({ features: { debt } });
    const refusing = monitorModel({ name: 'refusing', features: schema, validate: 'refuse' });
    const refused = refusing.wrap((row: z.infer<typeof schema>) => row.income);
    expect(() => refused({ income, debt, city: 'Berlin' })).toThrow('income (too_big), debt (custom)');

    const failing = [
      new Error(`cannot score ${name} (${income})`),
      Object.assign(new TypeError(mail), { code: key }),
      Object.assign(new Error('no'), { name: diagnosis }),
      Object.assign(new RangeError(`weight ${weight}`), { code: String(account), name: category }),
      { code: id, name: mail, message: answer, constructor: { name: key } },
      `${name} was refused`,
    ];
    for (const error of failing) {
      const fail = monitorModel({ name: 'failing' }).wrap((_row: { weight: number }): { score: number } => {
        throw error;
      });
      expect(() => fail({ weight })).toThrow();
    }

    const mapped = monitorModel({ name: 'mapped' });
    const broken = {
      features: () => JSON.parse(`${name} ${income}`),
      prediction: () => {
        throw new RangeError(`${score} of ${mail}`);
      },
      id: () => {
        throw new TypeError(id);
      },
      at: () => new Date(name),
    };
    mapped.wrap(() => score, broken)();
    mapped.recordOutcome({ id, truth: Number.NaN });
    mapped.recordOutcome({ prediction: { value: score }, truth: 1, predictedAt: Number.NaN });
    mapped.record({ features: { income }, at: Number.NaN });

    const stream = monitorModel({ name: 'stream' }).wrap(
      async function* (_prompt: string) {
        yield name;
        yield answer;
        throw new Error(diagnosis);
      },
      { features: (prompt) => textFeatures(prompt), prediction: (chunks) => ({ class: chunks.join(' ') }) },
    );
    const chunks: string[] = [];
    const reading = async (): Promise<void> => {
      for await (const chunk of stream(`${name}: ${diagnosis}`)) chunks.push(chunk);
    };
    await expect(reading()).rejects.toThrow();
    expect(chunks).toEqual([name, answer]);
  }

  it('stay at home as nobody asked for them: on spans, metrics, sketches, events and in our lines', async () => {
    const driftline = startDriftline({ service: 'clinic', endpoint: driftService.url });
    await predictEverything();
    await driftline.shutdown();
    await Promise.all([spans.forceFlush(), meters.forceFlush()]);

    expect(vendor.requests.map(({ path }) => path)).toEqual(expect.arrayContaining(['/v1/traces', '/v1/metrics']));
    expect(driftService.requests.map(({ path }) => path)).toContain('/v1/metrics');
    expect(said.length).toBeGreaterThan(3);
    const segments = driftService.points.map(({ attributes }) => attributes['ml.segment.value']);
    expect(new Set(segments)).toEqual(new Set([undefined, 'red', '_other']));
    const all = driftService.requests.map(({ body }) => body).join();
    for (const kind of ['too_big', 'unrecognized_keys', 'invalid_value', 'custom']) expect(all).toContain(kind);
    for (const { path, body } of [...vendor.requests, ...driftService.requests]) {
      expect([path, ...textsIn(body)]).toEqual([path]);
      expect([path, ...numbersIn(JSON.parse(body))]).toEqual([path]);
    }
    for (const line of said) expect([line, ...textsIn(line), ...numbersIn(line.split(/[^\d.e-]+/))]).toEqual([line]);
  });

  it('are in no bucket that would be as good as the value, nor in sums, nor in extremes', async () => {
    const driftline = startDriftline({ service: 'clinic', endpoint: driftService.url });
    await predictEverything();
    await driftline.shutdown();
    const ofRows = driftService.points.filter(({ attributes }) => attributes['ml.output.name'] !== 'latency');
    expect(ofRows.map(({ sum, min, max }) => [sum, min, max]).flat()).toEqual(
      ofRows.flatMap(() => Array(3).fill(undefined)),
    );
    const scales = ofRows.flatMap(({ kind, scale }) => (kind === 'exponentialHistogram' ? [scale ?? 0] : []));
    expect(scales.length).toBeGreaterThan(5);
    expect(Math.max(...scales)).toBeLessThanOrEqual(4);
  });

  it('leave where they are asked for, as an outcome or an extreme: the search above would find them', async () => {
    const driftline = startDriftline({ service: 'clinic', endpoint: driftService.url, privacy: { extremes: true } });
    const monitor = monitorModel({ name: 'asked', privacy: { allow: 'all' }, outcomes: { joinById: true } });
    monitor.wrap((row: { income: number; name: string }) => ({ score, row }), {
      features: (row) => row,
      prediction: (result) => result,
      id: () => id,
    })({ income, name });
    monitor.recordOutcome({ id, truth: debt });
    await driftline.shutdown();
    await spans.forceFlush();
    const bodies = [...vendor.requests, ...driftService.requests].map(({ body }) => body);
    expect(new Set(bodies.flatMap(textsIn))).toEqual(new Set([name, id]));
    expect(new Set(bodies.flatMap((body) => numbersIn(JSON.parse(body))))).toEqual(new Set([income, score, debt]));
  });
});
