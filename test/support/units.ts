import type {
  Attributes,
  IdentifiedPoint,
  ModelIdentity,
  PointValue,
  Series,
  Unit,
} from '../../packages/collector-processor/src/receive/unit.ts';

export const fraudModel: ModelIdentity = {
  key: 'f'.repeat(32),
  tenant: '',
  resource: { 'service.name': 'shop' },
  name: 'fraud',
  version: '7',
};

export interface PointSketch {
  readonly metric?: string;
  readonly attributes?: Attributes;
  readonly temporality?: Series['temporality'];
  readonly value: PointValue;
  readonly tag?: number;
}

/** A point as the decoder would hand it on; equal descriptions are the same point. */
export function pointOf({
  metric = 'ml.feature.value',
  attributes = {},
  temporality = 'delta',
  value,
  tag,
}: PointSketch): IdentifiedPoint {
  const edges = value.kind === 'histogram' ? [...value.edges] : [];
  const key = JSON.stringify([metric, temporality, value.kind, attributes, edges]);
  const series = { key, metric, unit: '1', temporality, attributes };
  return { tag: tag ?? hash48(key + inWords(value)), series, value };
}

export interface UnitSketch {
  readonly model?: ModelIdentity;
  readonly writer?: string;
  /** Milliseconds since the epoch. */
  readonly start: number;
  readonly end: number;
  readonly points: readonly IdentifiedPoint[];
}

export function unitOf({ model = fraudModel, writer = 'a', start, end, points }: UnitSketch): Unit {
  const [startNs, endNs] = [BigInt(start) * 1_000_000n, BigInt(end) * 1_000_000n];
  const id = `${model.key.slice(0, 4)}-${writer}-${start}-${end}`;
  return { model, id, writer, writerName: `shop/${writer}`, startNs, endNs, points };
}

export const countOf = (value: number, name = 'age'): IdentifiedPoint =>
  pointOf({
    metric: 'ml.feature.observations',
    attributes: { 'ml.feature.name': name, 'ml.feature.observation.status': 'valid' },
    value: { kind: 'sum', value },
  });

function inWords(value: PointValue): string {
  return JSON.stringify(value, (_, part: unknown) => (part instanceof Float64Array ? [...part] : part));
}

/** FNV-1a, twice. */
function hash48(text: string): number {
  const half = (seed: number): number => {
    let hash = seed;
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    return hash >>> 0;
  };
  return half(0x811c9dc5) + (half(0x1234567) & 0xffff) * 2 ** 32;
}
