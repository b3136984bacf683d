import type { Attributes } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { AggregationTemporality, type MetricData } from '@opentelemetry/sdk-metrics';
import protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';
import {
  aService,
  type Encoding,
  event,
  exponential,
  gauge,
  type HistogramPoint,
  histogram,
  logsBody,
  metricsBody,
  metricsRequest,
  type Period,
  sketchScope,
  sum,
} from '../../../../../test/support/otlp-requests.ts';
import { Identities } from '../identity.ts';
import { type Decoded, OtlpDecoder, type Signal } from './index.ts';

const nowMs = Date.UTC(2026, 10, 3, 12, 1);
const nowSeconds = nowMs / 1000;
const period: Period = { start: [nowSeconds - 60, 123_456_789], end: [nowSeconds, 123_456_790] };
const model = { 'ml.model.name': 'employment', 'ml.model.version': '3' };
const age = {
  ...model,
  'ml.feature.name': 'age',
  'ml.feature.kind': 'numeric',
  'ml.reference.id': 'sha256:0011223344556677',
};
const ages: HistogramPoint = {
  ...period,
  attributes: age,
  edges: [18, 30, 45.5, 67],
  counts: [1, 20, 300, 4_000_000_000_000, 5],
  sum: -12.25,
};
const encodings: readonly Encoding[] = ['protobuf', 'json'];

const key = new Uint8Array(32).fill(7);
const decoder = new OtlpDecoder(new Identities({ key }));
const decode = (body: Uint8Array, encoding: Encoding, signal: Signal = 'metrics', by = decoder): Decoded =>
  by.decode({ signal, encoding, body, tenant: 'acme', nowMs });
const decodeMetrics = (encoding: Encoding, ...[metrics, options]: Parameters<typeof metricsRequest>): Decoded =>
  decode(metricsBody(encoding, metricsRequest(metrics, options)), encoding);

const identities = ({ units }: Decoded): readonly string[] =>
  units
    .flatMap(({ model, writer, id, points }) =>
      points.map(({ series, tag }) => `${model.key}/${writer}/${id}/${series.key}/${tag}`),
    )
    .toSorted();
type Reorder = <T>(list: readonly T[]) => T[];
const reverse: Reorder = (list) => list.toReversed();
const reordered = (attributes: Attributes, reorder: Reorder): Attributes =>
  Object.fromEntries(reorder(Object.entries(attributes)));
const doubles = (...values: number[]): Uint8Array => new Uint8Array(Float64Array.from(values).buffer);

describe.each(encodings)('OTLP metrics in %s, made by OpenTelemetry', (encoding) => {
  it('become one unit for each collection of one process, with exact counts and nanoseconds', () => {
    const { units, refused, ignored } = decodeMetrics(encoding, [
      histogram([ages]),
      sum([
        {
          ...period,
          attributes: { ...model, 'ml.feature.name': 'age', 'ml.feature.observation.status': 'missing' },
          value: 7,
        },
      ]),
    ]);

    expect({ refused, ignored, units: units.length }).toEqual({ refused: {}, ignored: 0, units: 1 });
    const [unit] = units;
    expect(unit).toMatchObject({
      writerName: 'hiring-api/i-1',
      startNs: BigInt(nowSeconds - 60) * 1_000_000_000n + 123_456_789n,
      endNs: BigInt(nowSeconds) * 1_000_000_000n + 123_456_790n,
      model: {
        tenant: 'acme',
        name: 'employment',
        version: '3',
        resource: { 'deployment.environment.name': 'prod', 'service.name': 'hiring-api' },
      },
    });
    expect(unit?.id).toMatch(/^[0-9a-f]{20}$/);
    expect(unit?.points.map((point) => point.value)).toEqual([
      {
        kind: 'histogram',
        edges: Float64Array.of(18, 30, 45.5, 67),
        counts: Float64Array.of(1, 20, 300, 4e12, 5),
        sum: -12.25,
      },
      { kind: 'sum', value: 7 },
    ]);
    expect(unit?.points[0]?.series).toMatchObject({
      metric: 'ml.feature.value',
      unit: '1',
      temporality: 'delta',
      attributes: {
        'ml.feature.name': 'age',
        'ml.feature.kind': 'numeric',
        'ml.reference.id': 'sha256:0011223344556677',
      },
    });
  });

  it('keep both signs, the zeros and the scale of exponential histograms', () => {
    const positive = { offset: -3, bucketCounts: [1, 0, 2 ** 33] };
    const negative = { offset: 7, bucketCounts: [4] };
    const { units } = decodeMetrics(encoding, [
      exponential([{ ...period, attributes: age, scale: -2, zeroCount: 9, positive, negative, sum: 1e9 }]),
    ]);
    expect(units[0]?.points[0]?.value).toEqual({
      kind: 'exponential',
      scale: -2,
      zeroCount: 9,
      positive: { offset: -3, counts: Float64Array.of(1, 0, 2 ** 33) },
      negative: { offset: 7, counts: Float64Array.of(4) },
      sum: 1e9,
    });
  });

  it('say whether a sum is cumulative, and take gauges', () => {
    const { units } = decodeMetrics(encoding, [
      sum([{ ...period, attributes: model, value: 3 }], { temporality: AggregationTemporality.CUMULATIVE }),
      gauge([{ ...period, attributes: model, value: 0.25 }], 'ml.output.drift'),
    ]);
    expect(units[0]?.points.map(({ series, value }) => [series.temporality, value])).toEqual([
      ['cumulative', { kind: 'sum', value: 3 }],
      ['none', { kind: 'gauge', value: 0.25 }],
    ]);
  });

  it('are passed over when they are not ours', () => {
    const { units, refused, ignored } = decodeMetrics(encoding, [histogram([ages], 'http.server.request.duration')]);
    expect({ units, refused, ignored }).toEqual({ units: [], refused: {}, ignored: 1 });
  });

  it('belong to the model that the point names, else its scope, else its resource', () => {
    const resource = { ...aService, 'ml.model.name': 'from-resource', 'ml.model.version': '9' };
    const scope = { ...sketchScope, attributes: { 'ml.model.name': 'from-scope' } };
    const points = sum([
      { ...period, attributes: {}, value: 1 },
      { ...period, attributes: model, value: 1 },
    ]);
    const models = (options: Parameters<typeof metricsRequest>[1]): readonly string[] =>
      decodeMetrics(encoding, [points], options).units.map((unit) => `${unit.model.name} ${unit.model.version}`);
    expect(models({ resource })).toEqual(['from-resource 9', 'employment 3']);
    expect(models({ resource, scope })).toEqual(['from-scope 9', 'employment 3']);
    expect(models({ scope })).toEqual(['from-scope ', 'employment 3']);
  });

  const wrongPoints: readonly (readonly [string, Partial<HistogramPoint>])[] = [
    ['missing_model_name', { attributes: { 'ml.feature.name': 'age' } }],
    ['invalid_interval', { start: [nowSeconds + 1, 0] }],
    ['invalid_interval', { end: [0, 0] }],
    ['future', { end: [nowSeconds + 301, 0] }],
    ['invalid_histogram', { edges: [18, 18, 45, 67] }],
    ['invalid_histogram', { edges: [18, 30, 45] }],
    ['invalid_histogram', { edges: [], counts: [9] }],
    ['invalid_histogram', { count: 1 }],
  ];
  it.each(wrongPoints)('are refused as %s: %j', (reason, wrong) => {
    const { units, refused } = decodeMetrics(encoding, [histogram([ages, { ...ages, ...wrong }])]);
    expect(refused).toEqual({ [reason]: 1 });
    expect(units.flatMap((unit) => unit.points)).toHaveLength(1);
  });

  it('may come without a start: older senders of deltas do', () => {
    const { units } = decodeMetrics(encoding, [histogram([{ ...ages, start: [0, 0] }])]);
    expect(units[0]?.startNs).toBe(0n);
  });
});

/** Three points of a feature and one of another, in any order. */
const metrics = (reorder: Reorder = (list) => [...list], end = period.end): MetricData[] => {
  const named = (name: string): Attributes => reordered({ ...age, 'ml.feature.name': name }, reorder);
  return reorder([
    histogram(
      reorder([
        { ...ages, end, attributes: named('age') },
        { ...ages, end, attributes: named('hours') },
      ]),
    ),
    sum([{ ...period, end, attributes: named('age'), value: 326 }]),
    exponential([
      {
        ...period,
        end,
        attributes: named('age'),
        scale: 3,
        zeroCount: 1,
        positive: { offset: 0, bucketCounts: [1] },
        negative: { offset: 0, bucketCounts: [] },
        sum: 1,
      },
    ]),
  ]);
};
describe('the identity of a point', () => {
  const original = identities(decodeMetrics('protobuf', metrics()));

  it('tells all points of a unit apart', () => {
    expect(new Set(original).size).toBe(4);
  });

  it('is the same in JSON', () => {
    expect(identities(decodeMetrics('json', metrics()))).toEqual(original);
  });

  it('is the same whatever the order of attributes, points and metrics', () => {
    const options = { resource: reordered(aService, reverse) };
    expect(identities(decodeMetrics('protobuf', metrics(reverse), options))).toEqual(original);
    expect(identities(decodeMetrics('json', metrics(reverse), options))).toEqual(original);
  });

  it('is the same when a collector splits the batch', () => {
    const split = metrics().flatMap((metric) => identities(decodeMetrics('protobuf', [metric])));
    expect(split.toSorted()).toEqual(original);
  });

  it('is the same after another implementation re-encoded it, unpacked and in another order', () => {
    const body = metricsBody('protobuf', metricsRequest(metrics().slice(0, 1)));
    const reencoded = unpackedRequest.encode(unpackedRequest.decode(body)).finish();
    expect(Buffer.from(reencoded).equals(body)).toBe(false);
    expect(identities(decode(reencoded, 'protobuf'))).toEqual(
      identities(decodeMetrics('protobuf', metrics().slice(0, 1))),
    );
  });

  it('is the same when JSON writes 64-bit integers as numbers, to the last nanosecond', () => {
    const text = Buffer.from(metricsBody('json', metricsRequest(metrics()))).toString();
    const bare = text.replaceAll(/"(\d{16,})"/g, '$1');
    expect(bare).not.toBe(text);
    expect(identities(decode(Buffer.from(bare), 'json'))).toEqual(original);
  });

  it.each([
    [
      'the tenant',
      () =>
        decoder.decode({
          signal: 'metrics',
          encoding: 'protobuf',
          body: metricsBody('protobuf', metricsRequest(metrics())),
          tenant: 'other',
          nowMs,
        }),
    ],
    [
      'the instance',
      () => decodeMetrics('protobuf', metrics(), { resource: { ...aService, 'service.instance.id': 'i-2' } }),
    ],
    [
      'the environment',
      () =>
        decodeMetrics('protobuf', metrics(), { resource: { ...aService, 'deployment.environment.name': 'staging' } }),
    ],
    ['the interval', () => decodeMetrics('protobuf', metrics(undefined, [nowSeconds, 0]))],
    [
      "the deployment's key",
      () =>
        decode(
          metricsBody('protobuf', metricsRequest(metrics())),
          'protobuf',
          'metrics',
          new OtlpDecoder(new Identities({ key: key.map((byte) => byte + 1) })),
        ),
    ],
  ])('is another when %s differs', (_what, other) => {
    const others = new Set(identities(other()));
    expect(original.some((identity) => others.has(identity))).toBe(false);
  });

  it('differs by the edges: such points do not merge', () => {
    const [one, two] = [ages, { ...ages, edges: [18, 30, 45.5, 68] }].map((point) =>
      decodeMetrics('protobuf', [histogram([point])]),
    );
    expect(one?.units[0]?.points[0]?.series.key).not.toBe(two?.units[0]?.points[0]?.series.key);
    expect(one?.units[0]?.id).toBe(two?.units[0]?.id);
  });

  /** As an older or hand-made writer might: no packing, attributes last to first, headers after what they head. */
  const unpackedRequest = protobuf
    .parse(`
    syntax = "proto3";
    message Request { repeated ResourceMetrics resource_metrics = 1; }
    message ResourceMetrics { repeated ScopeMetrics scope_metrics = 2; Bytes resource = 1; }
    message Bytes { repeated bytes attributes = 1; }
    message ScopeMetrics { repeated Metric metrics = 2; Scope scope = 1; }
    message Scope { string version = 2; string name = 1; }
    message Metric { Histogram histogram = 9; string name = 1; string unit = 3; string unknown = 2047; }
    message Histogram { repeated Point data_points = 1; int32 aggregation_temporality = 2; }
    message Point {
      repeated fixed64 bucket_counts = 6 [packed = false]; repeated bytes attributes = 9; fixed64 start = 2; fixed64 end = 3;
      fixed64 count = 4; repeated double bounds = 7 [packed = false]; double sum = 5;
    }
  `)
    .root.lookupType('Request');
});

describe.each(encodings)('OTLP log events in %s', (encoding) => {
  const time: [number, number] = [nowSeconds, 5];
  const decodeEvents = (...records: Parameters<typeof logsBody>[1]): Decoded =>
    decode(logsBody(encoding, records), encoding, 'logs');
  const comoments = {
    ...model,
    'ml.reference.id': 'sha256:0011223344556677',
    'ml.feature.names': ['age', 'hours'],
    'ml.comoment.count': 40,
    'ml.comoment.duration': 60,
    'ml.comoment.means': doubles(0.5, -1),
    'ml.comoment.sums': doubles(10, 2.5, 20),
  };

  const samples = {
    ...model,
    'ml.feature.name': 'age',
    'ml.sample.trace_ids': ['a'.repeat(32)],
    'ml.sample.span_ids': ['b'.repeat(16)],
  };

  const eventIdentities = (...records: Parameters<typeof logsBody>[1]): readonly string[] =>
    decodeEvents(...records).units.flatMap(({ id, points }) => points.map(({ tag }) => `${id}/${tag}`));

  it('give the co-moments of a period', () => {
    const { units } = decodeEvents(event('ml.feature.comoments', time, comoments));
    expect(units).toMatchObject([
      { startNs: BigInt(nowSeconds - 60) * 1_000_000_000n + 5n, endNs: BigInt(nowSeconds) * 1_000_000_000n + 5n },
    ]);
    expect(units[0]?.points[0]?.value).toEqual({
      kind: 'comoments',
      names: ['age', 'hours'],
      count: 40,
      means: Float64Array.of(0.5, -1),
      sums: Float64Array.of(10, 2.5, 20),
    });
    expect(units[0]?.points[0]?.series.attributes).toEqual({ 'ml.reference.id': 'sha256:0011223344556677' });
  });

  it('give the spans of odd values, one series a feature', () => {
    const { units, refused } = decodeEvents(
      event('ml.feature.samples', time, samples),
      event('ml.feature.samples', time, { ...samples, 'ml.feature.name': 'hours' }),
    );
    expect(refused).toEqual({});
    const points = units.flatMap((unit) => unit.points);
    expect(points.map(({ series }) => series.attributes)).toEqual([
      { 'ml.feature.name': 'age' },
      { 'ml.feature.name': 'hours' },
    ]);
    expect(points[0]?.value).toEqual({
      kind: 'samples',
      spans: [{ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) }],
    });
  });

  it('give outcomes, with an id, a prediction or both', () => {
    const { units, refused } = decodeEvents(
      event('ml.prediction.outcome', time, { ...model, 'ml.prediction.id': 'p-1', 'ml.outcome.class': 'yes' }),
      event('ml.prediction.outcome', time, {
        ...model,
        'ml.prediction.score': 0.75,
        'ml.prediction.time': nowSeconds - 90.5,
        'ml.outcome.value': 1,
      }),
    );
    expect(refused).toEqual({});
    expect(units).toHaveLength(1);
    expect(units[0]?.points.map((point) => point.value)).toEqual([
      { kind: 'outcome', predictionId: 'p-1', truth: { class: 'yes' } },
      { kind: 'outcome', prediction: { score: 0.75 }, truth: { value: 1 }, predictedAtMs: nowMs - 90_500 },
    ]);
  });

  it('know an outcome again by its prediction id, whoever sends it; without one, two alike are two', () => {
    const withId = { ...model, 'ml.prediction.id': 'p-1', 'ml.outcome.class': 'yes' };
    const again = event(
      'ml.prediction.outcome',
      time,
      withId,
      resourceFromAttributes({ ...aService, 'service.instance.id': 'i-2' }),
    );
    expect(eventIdentities(again)).toEqual(eventIdentities(event('ml.prediction.outcome', time, withId)));
    const withoutId = event('ml.prediction.outcome', time, {
      ...model,
      'ml.prediction.class': 'no',
      'ml.outcome.class': 'yes',
    });
    expect(new Set(eventIdentities(withoutId, withoutId)).size).toBe(2);
  });

  it.each([
    ['invalid_value', 'ml.feature.comoments', { ...comoments, 'ml.comoment.sums': doubles(1, 2) }],
    ['invalid_value', 'ml.feature.comoments', { ...comoments, 'ml.comoment.means': doubles(Number.NaN, 0) }],
    ['invalid_value', 'ml.feature.comoments', { ...comoments, 'ml.comoment.count': -1 }],
    ['invalid_value', 'ml.feature.samples', { ...samples, 'ml.sample.trace_ids': ['a'.repeat(31)] }],
    ['invalid_value', 'ml.feature.samples', { ...samples, 'ml.sample.span_ids': [] }],
    ['invalid_value', 'ml.feature.samples', { ...samples, 'ml.sample.span_ids': ['0'.repeat(16)] }],
    [
      'invalid_value',
      'ml.feature.samples',
      {
        ...samples,
        'ml.sample.trace_ids': Array(4).fill('a'.repeat(32)),
        'ml.sample.span_ids': Array(4).fill('b'.repeat(16)),
      },
    ],
    ['invalid_value', 'ml.prediction.outcome', { ...model, 'ml.outcome.class': 'yes' }],
    ['invalid_value', 'ml.prediction.outcome', { ...model, 'ml.prediction.id': 'p-1' }],
    ['missing_model_name', 'ml.prediction.outcome', { 'ml.prediction.id': 'p-1', 'ml.outcome.value': 1 }],
    ['unsupported_kind', 'ml.feature.unheard_of', model],
  ])('are refused as %s: %s %j', (reason, name, attributes) => {
    expect(decodeEvents(event(name, time, attributes))).toEqual({
      units: [],
      refused: { [reason]: 1 },
      ignored: 0,
    });
  });

  it('leave other log records alone', () => {
    expect(decodeEvents(event('user.login', time, model))).toEqual({ units: [], refused: {}, ignored: 1 });
  });
});
