import type { AttributeName, ResourceMetricName } from '@driftline/semantic-conventions';

/** The machine a collector looks at. */
export interface Host {
  readonly platform: NodeJS.Platform;
  /** `/`, or a recorded tree of files. */
  readonly root: string;
  /** Milliseconds of a clock that never jumps. */
  now(): number;
}

export interface Measurement {
  readonly metric: ResourceMetricName;
  readonly value: number;
  readonly attributes?: MeasurementAttributes;
}

export type MeasurementAttributes = Readonly<Partial<Record<AttributeName, string | number>>>;

export interface ResourceReader {
  /** Never called again before it has answered. Throws what was not expected; what is not there is left out. */
  read(): Promise<readonly Measurement[]>;
  close?(): void;
}

export interface OpenOptions {
  /** For what happens between readings: one value of a histogram. */
  readonly record: (measurement: Measurement) => void;
  readonly complain: (message: string) => void;
  readonly dcgmExporter: string | undefined;
}

export interface ResourceCollector {
  readonly name: string;
  /** The question it answers. */
  readonly answers: string;
  /** Where there is more to read than nothing. */
  readonly platforms: 'all' | readonly NodeJS.Platform[];
  /** To the application's own backend. */
  readonly metrics: readonly ResourceMetricName[];
  /** To the drift service, for its page and its rules: few, and gauges there. */
  readonly copies: readonly ResourceMetricName[];
  /** No I/O yet. */
  open(host: Host, options: OpenOptions): ResourceReader;
}

export function defineResourceCollector<const Collector extends ResourceCollector>(collector: Collector): Collector {
  return collector;
}
