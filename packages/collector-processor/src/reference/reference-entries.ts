import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { CapturedReference } from './captured.ts';
import type { CapturedSegment, ReferenceSubject, StoredDistribution } from './reference-subject.ts';

/** Sketches of traffic, merged by slot of time. What serves the same windows lies on one shelf. */
export interface Shelf {
  readonly slots: readonly Slot[];
  /** What these slots say about the scatter from one to the next, by subject. */
  readonly scatter?: Readonly<Record<string, SubjectScatter>>;
}

/** [start, end) in milliseconds since the epoch. */
export interface Slot {
  readonly start: number;
  readonly end: number;
  readonly subjects: readonly ReferenceSubject[];
  /** Rows of windows that were judged `drift`, by subject: among the subjects' rows, or left out of them. */
  readonly drifted: Readonly<Record<string, number>>;
  /** Of a captured version, where it has any. */
  readonly segments?: readonly CapturedSegment[];
  readonly moments?: NonNullable<CapturedReference['moments']>;
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
export function encodeShelf({ slots, scatter }: Shelf): Uint8Array {
  const edges = new Map<string, number>();
  const packed = slots.map((slot) => ({
    ...slot,
    subjects: slot.subjects.map((subject) => ({
      ...subject,
      distributions: subject.distributions.map(([projection, one]) => [projection, pack(one, edges)]),
    })),
  }));
  const json = JSON.stringify({ edges: [...edges.keys()].map((text) => JSON.parse(text)), slots: packed, scatter });
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
  const { edges, slots, scatter }: PackedShelf = JSON.parse(inflateRawSync(bytes.subarray(1)).toString('utf8'));
  return {
    slots: slots.map((slot) => ({
      ...slot,
      subjects: slot.subjects.map((subject) => ({
        ...subject,
        distributions: subject.distributions.map(([projection, one]) => [projection, unpack(one, edges)] as const),
      })),
    })),
    ...(scatter && { scatter }),
  };
}

type PackedDistribution =
  | Exclude<StoredDistribution, { kind: 'histogram' }>
  | (Omit<Extract<StoredDistribution, { kind: 'histogram' }>, 'edges'> & { readonly edges: number });

interface PackedShelf extends Pick<Shelf, 'scatter'> {
  readonly edges: readonly (readonly number[])[];
  readonly slots: readonly (Omit<Slot, 'subjects'> & {
    readonly subjects: readonly (Omit<ReferenceSubject, 'distributions'> & {
      readonly distributions: readonly (readonly [number | 'none', PackedDistribution])[];
    })[];
  })[];
}

function pack(distribution: StoredDistribution, edges: Map<string, number>): PackedDistribution {
  if (distribution.kind !== 'histogram') return distribution;
  const text = JSON.stringify(distribution.edges);
  const index = edges.get(text) ?? edges.size;
  edges.set(text, index);
  return { ...distribution, edges: index };
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
