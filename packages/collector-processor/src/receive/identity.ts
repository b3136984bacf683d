import { hash } from 'node:crypto';
import {
  ATTR_DEPLOYMENT_ENVIRONMENT_NAME,
  ATTR_SERVICE_INSTANCE_ID,
  ATTR_SERVICE_NAME,
  ATTR_SERVICE_NAMESPACE,
} from '@driftline/semantic-conventions';
import type { AttributeSet } from './attributes.ts';
import { halfSipHash48 } from './half-sip-hash.ts';
import { ByteMemo, type Numbered, TripleMemo } from './memo.ts';
import type { ModelIdentity, PointValue, Series } from './unit.ts';

/** As `identity` in the settings. */
export const defaultIdentity: readonly string[] = [
  ATTR_SERVICE_NAMESPACE,
  ATTR_SERVICE_NAME,
  ATTR_DEPLOYMENT_ENVIRONMENT_NAME,
];

export interface Scope extends Numbered {
  readonly name: string;
  readonly version: string;
  readonly set: AttributeSet;
}

/** One resource and scope of one tenant: whose points those are. */
export interface Sender extends Numbered {
  readonly tenant: string;
  readonly resource: AttributeSet;
  readonly scope: Scope;
  /** 32 hex digits. */
  readonly writer: string;
  /** For messages. */
  readonly writerName: string;
  readonly models: Map<string, ModelIdentity>;
}

/** What a metric says of all its points. */
export interface Stream extends Numbered {
  readonly metric: string;
  readonly unit: string;
  readonly temporality: Series['temporality'];
  readonly kind: PointValue['kind'];
}

/** Checked edges: finite and strictly increasing. */
export interface Edges extends Numbered {
  readonly values: Float64Array;
  readonly key: string;
}

export interface KeyedSeries {
  readonly series: Series;
  readonly tagKey0: number;
  readonly tagKey1: number;
}

/**
 * Names everything a point belongs to by keyed hashes, so that a sender who wants two things to collide cannot find them.
 * Hashes are taken over a canonical text of what was said, never over the bytes that said it: the same point has the same
 * identity in protobuf and JSON, re-ordered, re-batched and re-sent.
 */
export class Identities {
  readonly #key: string;
  readonly #identity: readonly string[];
  readonly #senders = new TripleMemo<AttributeSet, Scope, string, Sender>(1024);
  readonly #models = new TripleMemo<AttributeSet, Sender, string, ModelIdentity | undefined>(16_384);
  readonly #series = new TripleMemo<AttributeSet, Stream, Edges | string, KeyedSeries>(16_384);
  readonly #edges = new ByteMemo<Edges | undefined>({ slots: 4096, longestBlock: 2048 });
  readonly #streams = new Map<string, Stream>();
  readonly #tagWords = new Uint32Array(4);
  readonly #tagSum = new Float64Array(this.#tagWords.buffer, 8, 1);
  #serial = 0;

  /** `key` is random, made once for a deployment and kept with its state. `identity` names resource attributes. */
  constructor(options: { readonly key: Uint8Array; readonly identity?: readonly string[] }) {
    this.#key = Buffer.from(options.key).toString('hex');
    this.#identity = (options.identity ?? defaultIdentity).toSorted();
  }

  sender(tenant: string, resource: AttributeSet, scope: Scope): Sender {
    return this.#senders.recall(resource, scope, tenant, () => ({
      serial: this.#serial++,
      tenant,
      resource,
      scope,
      writer: this.#hash('writer', tenant, resource.canonical, scope.name, scope.version).slice(0, 32),
      writerName: [ATTR_SERVICE_NAME, ATTR_SERVICE_INSTANCE_ID]
        .flatMap((name) => resource.attributes[name] ?? [])
        .join('/'),
      models: new Map(),
    }));
  }

  scope(name: string, version: string, set: AttributeSet): Scope {
    return { serial: this.#serial++, name, version, set };
  }

  /** Name and version, each from the point, else from the scope, else from the resource; undefined without a name. */
  model(sender: Sender, point: AttributeSet): ModelIdentity | undefined {
    return this.#models.recall(point, sender, '', () => {
      const { resource, scope } = sender;
      const name = point.modelName || scope.set.modelName || resource.modelName;
      const version = point.modelVersion ?? scope.set.modelVersion ?? resource.modelVersion ?? '';
      return name ? this.#modelOf(sender, name, version) : undefined;
    });
  }

  stream(stream: Omit<Stream, 'serial'>): Stream {
    const text = `${stream.metric}\0${stream.unit}\0${stream.temporality}\0${stream.kind}`;
    const known = this.#streams.get(text);
    if (known !== undefined) return known;
    if (this.#streams.size >= mostStreams) this.#streams.clear();
    const numbered = { serial: this.#serial++, ...stream };
    this.#streams.set(text, numbered);
    return numbered;
  }

  /** Undefined unless they are finite and strictly increasing. */
  edges(values: Float64Array): Edges | undefined {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    return this.#edges.recall(bytes, 0, bytes.length, () => {
      const own = values.map((edge) => edge + 0);
      const text = Buffer.from(own.buffer).toString('base64');
      return areEdges(own)
        ? { serial: this.#serial++, values: own, key: this.#hash('edges', text).slice(0, 32) }
        : undefined;
    });
  }

  /** `shape` is what points must share to merge: a histogram's edges, or a text, empty when there is nothing. */
  series(stream: Stream, attributes: AttributeSet, shape: Edges | string): KeyedSeries {
    return this.#series.recall(attributes, stream, shape, () => {
      const { metric, unit, temporality, kind } = stream;
      const shapeKey = typeof shape === 'string' ? shape : shape.key;
      const digest = this.#hash('series', metric, unit, temporality, kind, attributes.canonical, shapeKey);
      return {
        series: { key: digest.slice(0, 32), metric, unit, temporality, attributes: attributes.attributes },
        tagKey0: Number.parseInt(digest.slice(32, 40), 16),
        tagKey1: Number.parseInt(digest.slice(40, 48), 16),
      };
    });
  }

  /** 48 bits that tell one point of a unit from the others; for sums and gauges `count` is 0 and `sum` the value. */
  tag({ tagKey0, tagKey1 }: KeyedSeries, count: number, sum: number): number {
    this.#tagWords[0] = count;
    this.#tagWords[1] = count / 2 ** 32;
    this.#tagSum[0] = sum + 0;
    return halfSipHash48(tagKey0, tagKey1, this.#tagWords);
  }

  /** The same for an event, by what identifies it. */
  eventTag({ series }: KeyedSeries, identifying: string): number {
    return Number.parseInt(this.#hash('event', series.key, identifying).slice(0, 12), 16);
  }

  /** 20 hex digits. Without a writer, the same event told by two senders is one. */
  unitId(modelKey: string, writer: string, startNs: bigint, endNs: bigint): string {
    return this.#hash('unit', modelKey, writer, String(startNs), String(endNs)).slice(0, 20);
  }

  /** One object for each model of a sender. */
  #modelOf({ tenant, resource, models }: Sender, name: string, version: string): ModelIdentity {
    const nameAndVersion = JSON.stringify([name, version]);
    const known = models.get(nameAndVersion);
    if (known !== undefined) return known;
    const identifying = this.#identity.flatMap((attribute) => {
      const value = resource.attributes[attribute];
      return value === undefined ? [] : [[attribute, String(value)] as const];
    });
    const key = this.#hash('model', tenant, JSON.stringify(identifying), name, version).slice(0, 32);
    const model = { key, tenant, resource: Object.fromEntries(identifying), name, version };
    if (models.size >= mostModelsASender) models.clear();
    models.set(nameAndVersion, model);
    return model;
  }

  /**
   * 64 hex digits. The purpose keeps hashes of different things apart, JSON keeps the parts apart. A key before the text
   * suffices where only the beginning of the hash is used; HMAC would take four times as long.
   */
  #hash(purpose: string, ...parts: readonly string[]): string {
    return hash('sha256', this.#key + JSON.stringify([purpose, ...parts]));
  }
}

/** More edges than that serve no distribution and cost every pane. */
const mostEdges = 2048;
const mostModelsASender = 256;
const mostStreams = 1024;

function areEdges(values: Float64Array): boolean {
  if (values.length === 0 || values.length > mostEdges) return false;
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) return false;
    if (i > 0 && values[i]! <= values[i - 1]!) return false;
  }
  return true;
}
