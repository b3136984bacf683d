/**
 * What the decoders hand to the panes: a request split by model and collection, every point identified.
 * Identity is what makes a retry harmless: the same point has the same (model, unit, tag) however it was batched,
 * re-encoded or re-sent on its way.
 */

export type AttributeValue = string | number | boolean;
export type Attributes = Readonly<Record<string, AttributeValue>>;

/** One observed model: a tenant's service in one environment, with the name and version it reports. */
export interface ModelIdentity {
  /** 32 hex digits, the hash of everything below; the key of all state. */
  readonly key: string;
  readonly tenant: string;
  /** `service.namespace`, `service.name`, `deployment.environment.name` and whatever else `identity:` names. */
  readonly resource: Readonly<Record<string, string>>;
  readonly name: string;
  /** Empty when the sender states none. */
  readonly version: string;
}

/** A stream of points that merge with each other, whoever sent them. */
export interface Series {
  /** 32 hex digits over everything below and, for histograms, the edges. */
  readonly key: string;
  readonly metric: string;
  readonly unit: string;
  readonly temporality: 'delta' | 'cumulative' | 'none';
  /** Without the model's name and version. */
  readonly attributes: Attributes;
}

export interface ExponentialBuckets {
  readonly offset: number;
  readonly counts: Float64Array;
}

/** Number arrays may be views of a block that a request shares, and edges are shared by all: copy what you keep or change. */
export type PointValue =
  | {
      readonly kind: 'histogram';
      /** n strictly increasing finite edges; bucket i holds (edges[i-1], edges[i]]. */
      readonly edges: Float64Array;
      /** n + 1 counts. */
      readonly counts: Float64Array;
      /** 0 when the sender states none, as OpenTelemetry allows for data with negative values. */
      readonly sum: number;
    }
  | {
      readonly kind: 'exponential';
      readonly scale: number;
      readonly zeroCount: number;
      readonly positive: ExponentialBuckets;
      readonly negative: ExponentialBuckets;
      readonly sum: number;
    }
  | { readonly kind: 'sum'; readonly value: number }
  | { readonly kind: 'gauge'; readonly value: number }
  | {
      readonly kind: 'comoments';
      readonly names: readonly string[];
      readonly count: number;
      readonly means: Float64Array;
      /** Lower triangle by rows of the co-moment matrix. */
      readonly sums: Float64Array;
    }
  | {
      /** A ground truth with the prediction it belongs to, or with the id to join it by. */
      readonly kind: 'outcome';
      readonly predictionId?: string;
      readonly prediction?: Prediction;
      readonly truth: Prediction;
      readonly predictedAtMs?: number;
    }
  | {
      /** Spans in which a feature had a value outside the reference. */
      readonly kind: 'samples';
      readonly spans: readonly SampledSpan[];
    };

/** In hex. */
export interface SampledSpan {
  readonly traceId: string;
  readonly spanId: string;
}

export interface Prediction {
  readonly class?: string;
  readonly score?: number;
  readonly value?: number;
}

export interface IdentifiedPoint {
  /** 48 bits over series, count and sum: tells the points of one unit apart. */
  readonly tag: number;
  readonly series: Series;
  readonly value: PointValue;
}

/** One collection of one process for one model: the unit of de-duplication. */
export interface Unit {
  readonly model: ModelIdentity;
  /** 20 hex digits (80 bits). */
  readonly id: string;
  /** 32 hex digits: tenant, resource and scope of the sender. */
  readonly writer: string;
  /** A name for messages: service and instance of the sender. */
  readonly writerName: string;
  readonly startNs: bigint;
  readonly endNs: bigint;
  readonly points: readonly IdentifiedPoint[];
}

/** Why a point was not counted. Each is a `reason` in self telemetry and in `partial_success`. */
export type RefusalReason =
  | 'late'
  | 'future'
  | 'invalid_interval'
  | 'invalid_histogram'
  | 'invalid_value'
  | 'unsupported_kind'
  | 'missing_model_name'
  | 'over_limit';

/** Points, or log records, that were not counted, by reason. */
export type Refusals = Readonly<Partial<Record<RefusalReason, number>>>;

/** What became of a whole request: merged + duplicate + refused = the points that were ours. */
export interface IngestResult {
  readonly merged: number;
  readonly duplicate: number;
  /** The refusals handed in with the units and those of the panes, together. */
  readonly refused: Refusals;
}

/** Commits a request. It answers when every model it touches has an answer; the sender retries the two words. */
export type Ingest = (
  units: readonly Unit[],
  refused: Refusals,
) => Promise<IngestResult | 'overloaded' | 'unavailable'>;
