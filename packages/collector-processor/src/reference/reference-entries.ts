import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Segment } from '../evaluate/segment.ts';
import type { CapturedMoments, CapturedReference } from './captured.ts';
import type { CapturedSegment, ReferenceSubject, StoredDistribution } from './reference-subject.ts';

/** Sketches of traffic, merged by slot of time. What serves the same windows lies on one shelf. */
export interface Shelf {
  readonly slots: readonly Slot[];
  /** What these slots say about the scatter from one to the next, by subject. */
  readonly scatter?: Readonly<Record<string, SubjectScatter>>;
  /** The same of correlations. */
  readonly pairScatter?: readonly PairScatter[];
}

/** [start, end) in milliseconds since the epoch. */
export interface Slot {
  readonly start: number;
  readonly end: number;
  readonly subjects: readonly ReferenceSubject[];
  /** Rows of windows that were judged `drift`, by subject: among the subjects' rows, or left out of them. */
  readonly drifted: Readonly<Record<string, number>>;
  /** Where the subjects are those of segments: how many rows each of these had, and all rows had. */
  readonly sizes?: SegmentSizes;
  /** Of a captured version, where it has any. */
  readonly segments?: readonly CapturedSegment[];
  readonly moments?: NonNullable<CapturedReference['moments']>;
}

export interface SegmentSizes {
  readonly rows: number;
  readonly segments: readonly (Segment & { readonly rows: number })[];
}

/** Of the pairs of features, in the order of a lower triangle without its diagonal. */
export interface PairScatter extends Pick<CapturedMoments, 'referenceId' | 'names'> {
  /** Degrees of freedom times the variance of √n·atanh(r) between periods. */
  readonly phi: readonly number[];
  /** Degrees of freedom times complete rows of one period. */
  readonly rows: number;
  readonly free: number;
}

/** Degrees of freedom times phi, degrees of freedom times rows, degrees of freedom: sums that add up over slots. */
export type ScatterSums = readonly [phi: number, rows: number, free: number];

export interface SubjectScatter {
  readonly location: ScatterSums;
  readonly spread: ScatterSums;
  readonly table: ScatterSums;
  readonly missing: ScatterSums;
}

/** Raised by a change that an older service could not read. */
const FORMAT = 1;

/** Format byte, then JSON, deflated. Edges are said once, however many slots were counted on them. */
export function encodeShelf({ slots, ...scatters }: Shelf): Uint8Array {
  const edges = new KnownEdges();
  const packed = slots.map((slot) => ({
    ...slot,
    subjects: slot.subjects.map((subject) => ({
      ...subject,
      distributions: subject.distributions.map(([projection, one]) => [projection, pack(one, edges)]),
    })),
  }));
  const json = JSON.stringify({ edges: edges.all, slots: packed, ...scatters });
  const deflated = deflateRawSync(json);
  const bytes = new Uint8Array(deflated.length + 1);
  bytes[0] = FORMAT;
  bytes.set(deflated, 1);
  return bytes;
}

/** @throws Error for a shelf that a newer service wrote. */
export function decodeShelf(bytes: Uint8Array): Shelf {
  if (bytes[0] !== FORMAT) {
    throw new Error(
      `reference: format ${bytes[0]} is not ${FORMAT}; run the version of driftline that wrote it, or a newer one`,
    );
  }
  const { edges, slots, ...scatters }: PackedShelf = JSON.parse(inflateRawSync(bytes.subarray(1)).toString('utf8'));
  return {
    slots: slots.map((slot) => ({
      ...slot,
      subjects: slot.subjects.map((subject) => ({
        ...subject,
        distributions: subject.distributions.map(([projection, one]) => [projection, unpack(one, edges)] as const),
      })),
    })),
    ...scatters,
  };
}

type PackedDistribution =
  | Exclude<StoredDistribution, { kind: 'histogram' }>
  | (Omit<Extract<StoredDistribution, { kind: 'histogram' }>, 'edges'> & { readonly edges: number });

interface PackedShelf extends Omit<Shelf, 'slots'> {
  readonly edges: readonly (readonly number[])[];
  readonly slots: readonly (Omit<Slot, 'subjects'> & {
    readonly subjects: readonly (Omit<ReferenceSubject, 'distributions'> & {
      readonly distributions: readonly (readonly [number | 'none', PackedDistribution])[];
    })[];
  })[];
}

function pack(distribution: StoredDistribution, edges: KnownEdges): PackedDistribution {
  return distribution.kind === 'histogram'
    ? { ...distribution, edges: edges.indexOf(distribution.edges) }
    : distribution;
}

class KnownEdges {
  readonly all: (readonly number[])[] = [];
  readonly #byContent = new Map<string, number>();
  /** What was read from one shelf shares its lists, and to look at thousands of them is slow. */
  readonly #byList = new Map<readonly number[], number>();

  indexOf(edges: readonly number[]): number {
    const known = this.#byList.get(edges);
    if (known !== undefined) return known;
    const content = JSON.stringify(edges);
    const index = this.#byContent.get(content) ?? this.all.push(edges) - 1;
    this.#byContent.set(content, index);
    this.#byList.set(edges, index);
    return index;
  }
}

function unpack(distribution: PackedDistribution, edges: readonly (readonly number[])[]): StoredDistribution {
  return distribution.kind === 'histogram' ? { ...distribution, edges: edges[distribution.edges] ?? [] } : distribution;
}

/** Reads shelves when they are needed, and collects what is to be written with the evaluation. */
export class ReferenceEntries {
  readonly #read: (keys: readonly string[]) => Promise<ReadonlyMap<string, Uint8Array>>;
  readonly #changed = new Map<string, Shelf | undefined>();

  constructor(read: (keys: readonly string[]) => Promise<ReadonlyMap<string, Uint8Array>>) {
    this.#read = read;
  }

  async get(key: string): Promise<Shelf | undefined> {
    if (this.#changed.has(key)) return this.#changed.get(key);
    const bytes = (await this.#read([key])).get(key);
    return bytes && decodeShelf(bytes);
  }

  put(key: string, shelf: Shelf): void {
    this.#changed.set(key, shelf);
  }

  drop(keys: readonly string[]): void {
    for (const key of keys) this.#changed.set(key, undefined);
  }

  /** For the commit: bytes by key, undefined for what goes. */
  writes(): ReadonlyMap<string, Uint8Array | undefined> {
    return new Map([...this.#changed].map(([key, shelf]) => [key, shelf && encodeShelf(shelf)]));
  }
}
