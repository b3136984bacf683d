import type { Clock } from '../clock.ts';
import { explainError, type Faults } from '../faults.ts';
import type {
  Host,
  Measurement,
  OpenOptions,
  ResourceCollector,
  ResourceReader,
} from './collectors/resource-collector.ts';

export interface ResourceMonitorOptions extends Pick<OpenOptions, 'record' | 'dcgmExporter'> {
  readonly collectors: readonly ResourceCollector[];
  readonly host: Host;
  readonly clock: Clock;
  readonly faults: Faults;
  /** Readers of one collection interval share a reading. */
  readonly freshMs?: number;
  /** Who takes longer, such as a GPU's tool, is reported by the next collection. */
  readonly patienceMs?: number;
}

const FRESH_MS = 5000;
const PATIENCE_MS = 1000;
/** A gauge that nobody could read for so long is no longer true. */
const STALE_MS = 3 * 60_000;

/** Asks collectors, each at most once at a time and once an interval. Never throws, never waits for a slow one. */
export class ResourceMonitor {
  readonly #options: ResourceMonitorOptions;
  readonly #watched: readonly WatchedReader[];

  constructor(options: ResourceMonitorOptions) {
    this.#options = options;
    this.#watched = options.collectors.flatMap((collector) => openQuietly(collector, options));
  }

  async collect(): Promise<readonly Measurement[]> {
    const { clock, patienceMs = PATIENCE_MS } = this.#options;
    const patience = Promise.withResolvers<void>();
    const cancel = clock.after(patienceMs, patience.resolve);
    await Promise.race([Promise.all(this.#watched.map((reader) => reader.refresh())), patience.promise]);
    cancel();
    return this.#watched.flatMap((reader) => reader.latest);
  }

  close(): void {
    for (const reader of this.#watched) reader.close();
  }
}

function openQuietly(collector: ResourceCollector, options: ResourceMonitorOptions): readonly WatchedReader[] {
  const { host, record, dcgmExporter } = options;
  if (collector.platforms !== 'all' && !collector.platforms.includes(host.platform)) return [];
  const complain = (message: string): void => complainOf(collector, options.faults, message);
  try {
    const reader = collector.open(host, { record, dcgmExporter, complain });
    return [new WatchedReader(reader, complain, options)];
  } catch (error) {
    complain(explainError(error));
    return [];
  }
}

function complainOf({ name }: ResourceCollector, faults: Faults, message: string): void {
  faults.count({
    stage: 'resources',
    topic: name,
    message: `resources "${name}" cannot be read: ${message} Other resources are; DRIFTLINE_RESOURCES chooses them.`,
  });
}

class WatchedReader {
  readonly #reader: ResourceReader;
  readonly #complain: (message: string) => void;
  readonly #host: Host;
  readonly #freshMs: number;
  #reading: { readonly atMs: number; readonly measurements: readonly Measurement[] } | undefined;
  #underWay: Promise<void> | undefined;

  constructor(
    reader: ResourceReader,
    complain: (message: string) => void,
    { host, freshMs = FRESH_MS }: ResourceMonitorOptions,
  ) {
    this.#reader = reader;
    this.#complain = complain;
    this.#host = host;
    this.#freshMs = freshMs;
  }

  get latest(): readonly Measurement[] {
    return this.#ageMs < STALE_MS ? (this.#reading?.measurements ?? []) : [];
  }

  refresh(): Promise<void> {
    if (this.#ageMs < this.#freshMs) return Promise.resolve();
    this.#underWay ??= this.#read().finally(() => {
      this.#underWay = undefined;
    });
    return this.#underWay;
  }

  close(): void {
    try {
      this.#reader.close?.();
    } catch (error) {
      this.#complain(explainError(error));
    }
  }

  get #ageMs(): number {
    return this.#reading === undefined ? Number.POSITIVE_INFINITY : this.#host.now() - this.#reading.atMs;
  }

  async #read(): Promise<void> {
    try {
      const measurements = await this.#reader.read();
      this.#reading = {
        atMs: this.#host.now(),
        measurements: measurements.filter(({ value }) => Number.isFinite(value)),
      };
    } catch (error) {
      this.#complain(explainError(error));
    }
  }
}
