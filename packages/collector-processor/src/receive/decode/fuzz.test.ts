import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Encoding,
  event,
  exponential,
  gauge,
  histogram,
  logsBody,
  metricsBody,
  metricsRequest,
  sum,
} from '../../../../../test/support/otlp-requests.ts';
import { Identities } from '../identity.ts';
import type { Unit } from '../unit.ts';
import { type Decoded, DecodeError, OtlpDecoder, type Signal } from './index.ts';

const nowMs = Date.UTC(2026, 10, 3, 12);
const end: [number, number] = [nowMs / 1000, 0];
const about = {
  start: [nowMs / 1000 - 60, 0] as [number, number],
  end,
  attributes: { 'ml.model.name': 'm', 'ml.feature.name': 'age', n: 7 },
};
const packed = new Uint8Array(Float64Array.of(1).buffer);

const metrics = metricsRequest([
  histogram([{ ...about, edges: [1, 2.5, 4], counts: [1, 2, 3, 2 ** 40], sum: 3 }]),
  exponential([
    {
      ...about,
      scale: 5,
      zeroCount: 1,
      positive: { offset: -9, bucketCounts: [3, 200] },
      negative: { offset: 0, bucketCounts: [1] },
      sum: 0,
    },
  ]),
  sum([{ ...about, value: 300 }]),
  gauge([{ ...about, value: -0.5 }], 'ml.output.value'),
]);
const logs = [
  event('ml.prediction.outcome', end, {
    'ml.model.name': 'm',
    'ml.prediction.id': 'p',
    'ml.outcome.value': 1,
    deep: { list: [1, 'a', { b: true }] },
  }),
  event('ml.feature.samples', end, {
    'ml.model.name': 'm',
    'ml.feature.name': 'age',
    'ml.sample.trace_ids': ['a'.repeat(32), 'c'.repeat(32)],
    'ml.sample.span_ids': ['b'.repeat(16), 'd'.repeat(16)],
  }),
  event('ml.feature.comoments', end, {
    'ml.model.name': 'm',
    'ml.feature.names': ['age'],
    'ml.comoment.count': 2,
    'ml.comoment.duration': 60,
    'ml.comoment.means': packed,
    'ml.comoment.sums': packed,
  }),
];
const seeds: readonly { signal: Signal; encoding: Encoding; body: Uint8Array }[] = (
  ['protobuf', 'json'] as const
).flatMap((encoding) => [
  { signal: 'metrics', encoding, body: metricsBody(encoding, metrics) },
  { signal: 'logs', encoding, body: logsBody(encoding, logs) },
]);

/** One decoder for all: what a broken request leaves behind must not show in the next. */
const decoder = new OtlpDecoder(new Identities({ key: new Uint8Array(32) }));
const decode = (signal: Signal, encoding: Encoding, body: Uint8Array): Decoded =>
  decoder.decode({ signal, encoding, body, tenant: '', nowMs });

describe.each(seeds)('damaged $signal in $encoding', ({ signal, encoding, body }) => {
  const untouched = decode(signal, encoding, body);

  it('are decoded or refused, and what is decoded agrees with itself', () => {
    const damage = fc.array(fc.tuple(fc.nat(body.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(damage, fc.option(fc.nat(body.length)), (flips, cutAt) => {
        const damaged = body.slice();
        for (const [at, value] of flips) damaged[at] = value;
        expectSoundOrRefused(signal, encoding, damaged.slice(0, cutAt ?? undefined));
      }),
      { numRuns: 3000 },
    );
    expect(decode(signal, encoding, body)).toEqual(untouched);
  });

  it('are refused when cut anywhere inside', () => {
    // Between two resources a cut leaves a shorter request; here there is one.
    for (let cutAt = 1; cutAt < body.length; cutAt++)
      expect(() => decode(signal, encoding, body.slice(0, cutAt)), `cut at ${cutAt}`).toThrow(DecodeError);
  });
});

it.each(['protobuf', 'json'] as const)('anything at all is decoded or refused as %s', (encoding) => {
  for (const signal of ['metrics', 'logs', 'traces'] as const)
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (body) => expectSoundOrRefused(signal, encoding, body)));
});

it('any JSON at all is decoded or refused, wherever it stands', () => {
  const fields = [
    'resourceMetrics',
    'scopeMetrics',
    'metrics',
    'resource',
    'scope',
    'attributes',
    'key',
    'value',
    'name',
    'histogram',
    'dataPoints',
    'bucketCounts',
    'sum',
    'intValue',
  ];
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 9 },
      fc.constantFrom(null, true, -1, 1.5, 2 ** 60, '', {}, []),
      fc.constantFrom('ml.feature.value', 'ml.model.name', '12345678901234567890', 'NaN'),
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...fields), tie('tree')),
    ),
  }));
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...fields), tree), (request) =>
      expectSoundOrRefused('metrics', 'json', Buffer.from(JSON.stringify(request))),
    ),
    { numRuns: 300 },
  );
});

describe('requests made to hurt', () => {
  it('nested without end, in either encoding', () => {
    const nested = `${'{"arrayValue":{"values":['.repeat(5000)}{}${']}}'.repeat(5000)}`;
    const body = `{"resourceMetrics":[{"resource":{"attributes":[{"key":"a","value":${nested}}]}}]}`;
    expect(() => decode('metrics', 'json', Buffer.from(body))).toThrow(/nested deeper than 32/);

    let value: Uint8Array = Buffer.from([0x0a, 1, 120]);
    for (let i = 0; i < 5000; i++) value = field(5, field(1, value));
    const resource = field(1, field(1, field(1, Buffer.concat([field(1, Buffer.from('a')), field(2, value)]))));
    expect(() => decode('metrics', 'protobuf', resource)).toThrow(/nested deeper than 32/);
  });

  it('with millions of buckets, packed or one by one', () => {
    const name = field(1, Buffer.from('ml.feature.value'));
    const request = (point: Uint8Array): Uint8Array =>
      field(
        1,
        field(2, field(2, Buffer.concat([name, field(9, Buffer.concat([field(1, point), Buffer.from([0x10, 1])]))]))),
      );
    const packedCounts = request(field(6, new Uint8Array(8_000_000)));
    const unpackedCounts = request(Buffer.alloc(9_000_000, Buffer.from([0x31, 0, 0, 0, 0, 0, 0, 0, 0])));
    const started = performance.now();
    for (const body of [packedCounts, unpackedCounts])
      expect(() => decode('metrics', 'protobuf', body)).toThrow(/more than 65536 buckets/);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  it('with an attribute named like a part of every object', () => {
    const attributes = [
      { key: '__proto__', value: { stringValue: 'x' } },
      { key: 'ml.model.name', value: { stringValue: 'm' } },
    ];
    const dataPoint = { attributes, timeUnixNano: String(BigInt(nowMs) * 1_000_000n), asInt: 1 };
    const request = {
      resourceMetrics: [
        {
          scopeMetrics: [
            {
              metrics: [
                { name: 'ml.feature.observations', sum: { aggregationTemporality: 1, dataPoints: [dataPoint] } },
              ],
            },
          ],
        },
      ],
    };
    const series = decode('metrics', 'json', Buffer.from(JSON.stringify(request))).units[0]?.points[0]?.series;
    expect(Object.entries(series?.attributes ?? {})).toEqual([['__proto__', 'x']]);
    expect('x' in {}).toBe(false);
  });
});

function expectSoundOrRefused(signal: Signal, encoding: Encoding, body: Uint8Array): void {
  let decoded: Decoded;
  try {
    decoded = decode(signal, encoding, body);
  } catch (error) {
    expect(error).toBeInstanceOf(DecodeError);
    return;
  }
  decoded.units.forEach(expectSound);
  for (const points of Object.values(decoded.refused)) expect(points).toBeGreaterThan(0);
}

function expectSound({ startNs, endNs, points, model, id }: Unit): void {
  expect(startNs >= 0n && startNs <= endNs && endNs > 0n && endNs <= BigInt(nowMs + 300_000) * 1_000_000n).toBe(true);
  expect(model.name).not.toBe('');
  expect(id).toMatch(/^[0-9a-f]{20}$/);
  for (const { tag, value } of points) {
    expect(Number.isSafeInteger(tag) && tag >= 0 && tag < 2 ** 48).toBe(true);
    if (value.kind === 'histogram') {
      expect(value.counts.length).toBe(value.edges.length + 1);
      expect(
        value.edges.every((edge, i) => Number.isFinite(edge) && (i === 0 || edge > (value.edges[i - 1] ?? 0))),
      ).toBe(true);
      expect(value.counts.every((count) => Number.isSafeInteger(count) && count >= 0)).toBe(true);
    }
    if (value.kind === 'exponential') {
      const counts = [value.zeroCount, ...value.positive.counts, ...value.negative.counts];
      expect(counts.every((count) => Number.isSafeInteger(count) && count >= 0)).toBe(true);
    }
    if ('sum' in value) expect(Number.isFinite(value.sum)).toBe(true);
    if (value.kind === 'sum' || value.kind === 'gauge') expect(Number.isFinite(value.value)).toBe(true);
    if (value.kind === 'samples')
      expect(value.spans.map((span) => `${span.traceId} ${span.spanId}`).join()).toMatch(/^[0-9a-f, ]+$/);
    if (value.kind === 'comoments') expect([...value.means, ...value.sums].every(Number.isFinite)).toBe(true);
  }
}

/** A length-delimited protobuf field. */
function field(number: number, content: Uint8Array): Uint8Array {
  const length: number[] = [];
  for (let rest = content.length; rest > 0 || length.length === 0; rest >>>= 7)
    length.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...length]), content]);
}
