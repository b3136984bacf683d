import { bench, do_not_optimize, group, summary } from 'mitata';
import { Identities } from '../../packages/collector-processor/src/receive/identity.ts';
import { OtlpDecoder } from '../../packages/collector-processor/src/receive/decode/index.ts';
import { histogram, metricsBody, metricsRequest, sum } from '../support/otlp-requests.ts';
import { ExportMetricsServiceRequest } from './otlp-metrics-schema.ts';

const nowMs = Date.UTC(2026, 10, 3, 12);

/**
 * A collector's batch: a minute of four processes, 30 features on 104 edges each, 250 KB. Senders repeat their attributes
 * and edges from minute to minute, counts and times differ.
 */
export function decodeBenchmarks(): void {
  const minutes = Array.from({ length: 8 }, (_, minute) => batch(minute));
  let turn = 0;
  const nextBody = (): Uint8Array => minutes[turn++ % minutes.length]!;

  group(`decode a ${(minutes[0]!.length / 1000).toFixed(0)} KB request of sketches`, () => {
    summary(() => {
      bench('protobufjs decodes, nothing more', () =>
        do_not_optimize(ExportMetricsServiceRequest.decode(nextBody())),
      ).baseline();
      const decoder = newDecoder();
      const merged = nothingMerged();
      bench('driftline decodes, identifies and merges', () => decodeAndMerge(decoder, nextBody(), merged));
      bench('driftline, the first request ever', function* () {
        yield {
          0: newDecoder,
          bench: (coldDecoder: OtlpDecoder) => decodeAndMerge(coldDecoder, nextBody(), nothingMerged()),
        };
      });
    });
  });
}

interface Merged {
  readonly histograms: Map<string, Float64Array>;
  readonly sums: Map<string, number>;
}

function decodeAndMerge(decoder: OtlpDecoder, body: Uint8Array, { histograms, sums }: Merged): void {
  const { units } = decoder.decode({ signal: 'metrics', encoding: 'protobuf', body, tenant: '', nowMs });
  for (const unit of units)
    for (const { series, value } of unit.points) {
      if (value.kind === 'sum') sums.set(series.key, (sums.get(series.key) ?? 0) + value.value);
      if (value.kind !== 'histogram') continue;
      const total = histograms.get(series.key);
      if (total === undefined) histograms.set(series.key, value.counts.slice());
      else for (let i = 0; i < total.length; i++) total[i]! += value.counts[i]!;
    }
}

const nothingMerged = (): Merged => ({ histograms: new Map(), sums: new Map() });

const newDecoder = (): OtlpDecoder => new OtlpDecoder(new Identities({ key: new Uint8Array(32) }));

function batch(minute: number): Uint8Array {
  return Buffer.concat(Array.from({ length: 4 }, (_, instance) => collection(minute, instance)));
}

/** Requests of one process; a request is a list of resources, so that requests appended to each other are one. */
function collection(minute: number, instance: number): Uint8Array {
  const start: [number, number] = [nowMs / 1000 - 600 + minute * 60, instance];
  const end: [number, number] = [start[0] + 60, instance];
  const model = {
    'ml.model.name': 'employment',
    'ml.model.version': '2026-11-01',
    'ml.reference.id': 'sha256:0011223344556677',
  };
  const features = Array.from({ length: 30 }, (_, i) => `feature_${i}`);
  return metricsBody(
    'protobuf',
    metricsRequest(
      [
        histogram(
          features.map((name, i) => {
            const edges = Array.from({ length: 104 }, (_, edge) => (edge - 40) * (i + 0.37));
            const counts = Array.from(
              { length: 105 },
              (_, bucket) => (bucket * 7 + minute * 13 + i * 3 + instance) % 50,
            );
            const attributes = { ...model, 'ml.feature.name': name, 'ml.feature.kind': 'numeric' };
            return { start, end, attributes, edges, counts, sum: 1000.5 * minute + i };
          }),
        ),
        sum(
          features.map((name, i) => ({
            start,
            end,
            attributes: { ...model, 'ml.feature.name': name, 'ml.feature.observation.status': 'valid' },
            value: 2500 + minute + i,
          })),
        ),
      ],
      {
        resource: {
          'service.name': 'hiring-api',
          'service.instance.id': `i-${instance}`,
          'deployment.environment.name': 'prod',
        },
      },
    ),
  );
}
