import type { GpuReading } from '../gpu-reading.ts';

/** A vendor's tool: what it writes is read once a collection. */
export interface Program {
  readonly name: string;
  readonly platforms: readonly NodeJS.Platform[];
  readonly readings: readonly string[];
  /** What never changes, asked once. */
  readonly identities?: readonly string[];
}

/** An exporter's page. */
export interface Page {
  /** Tried where this file is, unless the settings name another. */
  readonly defaultUrl: string;
  readonly onlyWhere: string;
}

export interface GpuAnswer {
  readonly readings: string;
  readonly identities: string;
}

export interface GpuSource {
  readonly name: string;
  readonly vendor: GpuReading['vendor'];
  /** What it tells. */
  readonly answers: string;
  readonly ask: { readonly program: Program } | { readonly page: Page };
  /** Pure. Throws what can be said to somebody who has to mend it, on anything that is no answer. */
  parse(answer: GpuAnswer): readonly GpuReading[];
}

export function defineGpuSource<const Source extends GpuSource>(source: Source): Source {
  return source;
}
