import type { RollingState } from './rolling-reference.ts';

/** What is known of a model's references besides their sketches. Plain JSON, in the evaluation state. */
export interface ReferenceBook {
  /** Captured from traffic, oldest first; their sketches lie beside the state. */
  readonly versions: readonly CapturedVersion[];
  /** When each reference of the settings was first used, by id. */
  readonly known: Readonly<Record<string, number>>;
  /** Chosen by a person; undefined for the newest. */
  readonly pinned?: string;
  /** Ids that were in use, the present one last. */
  readonly history: readonly string[];
  readonly rolling: Readonly<Record<string, RollingState>>;
  readonly ongoing?: OngoingCapture;
}

export interface CapturedVersion {
  readonly id: string;
  readonly origin: CaptureOrigin;
  readonly rows: number;
  /** [from, until) in milliseconds since the epoch. */
  readonly from: number;
  readonly until: number;
  /** Windows among them that were judged `drift` when they came. */
  readonly driftedWindows: number;
}

export type CaptureOrigin = 'first_rows' | 'request' | 'schedule';

/** A capture under way, beside the reference in use. */
export interface OngoingCapture {
  readonly origin: Exclude<CaptureOrigin, 'first_rows'>;
  readonly wanted: CaptureWish;
  /** When it was asked for. */
  readonly since: number;
  readonly rows: number;
  /** Of the first window that was taken. */
  readonly from?: number;
  readonly driftedWindows: number;
  /** Windows with drift that a schedule did not take. */
  readonly leftOutWindows: number;
}

export type CaptureWish = { readonly rows: number } | { readonly from: number; readonly until: number };

export const emptyBook: ReferenceBook = { versions: [], known: {}, history: [], rolling: {} };

/** What `inUseOf` chooses from: what the settings name first, if it is there yet. */
export interface ConfiguredReference {
  readonly id: string;
}

/** The newest, unless a person has pinned another one that is still there. */
export function inUseOf(
  book: ReferenceBook,
  configured: ConfiguredReference | undefined,
  available: ReadonlySet<string>,
): string | undefined {
  if (book.pinned !== undefined && available.has(book.pinned)) return book.pinned;
  const newest = book.versions.at(-1);
  if (configured === undefined) return newest?.id;
  if (newest === undefined) return configured.id;
  // A reference that the settings have just begun to name is newer than all.
  return newest.until >= (book.known[configured.id] ?? Number.POSITIVE_INFINITY) ? newest.id : configured.id;
}

export function withInUse(book: ReferenceBook, id: string | undefined): ReferenceBook {
  if (id === undefined || book.history.at(-1) === id) return book;
  return { ...book, history: [...book.history, id].slice(-MOST_HISTORY) };
}

/** The newest version last; over the bound the oldest goes that is neither in use nor pinned. */
export function withVersion(
  book: ReferenceBook,
  version: CapturedVersion,
): { readonly book: ReferenceBook; readonly dropped: readonly string[] } {
  const versions = [...book.versions.filter(({ id }) => id !== version.id), version];
  const spared = new Set([version.id, book.pinned, book.history.at(-1)]);
  const excess = Math.max(0, versions.length - MOST_VERSIONS);
  const dropped = versions
    .filter(({ id }) => !spared.has(id))
    .slice(0, excess)
    .map(({ id }) => id);
  return { book: { ...book, versions: versions.filter(({ id }) => !dropped.includes(id)) }, dropped };
}

export function versionKey(id: string): string {
  return `version/${id}`;
}

/** The sketches of a capture under way. */
export const ongoingKey = 'version/ongoing';

const MOST_VERSIONS = 20;
const MOST_HISTORY = 20;
