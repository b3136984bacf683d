import { type Driftline, monitorModel, startDriftline } from '@driftline/instrumentation';
import profile from '../digits.profile.json' with { type: 'json' };
import { digitFeatures } from './digit-features.ts';
import { openDigitReader, type ReadDigit } from './digit-reader.ts';

export interface WatchedReader {
  readonly read: ReadDigit;
  readonly driftline: Driftline;
}

/** No fewer drawings ever leave together: in the counts of one, its own numbers could be read. */
export const MINIMUM_ROWS = 10;

export interface WatchedReaderOptions {
  /** Where the model is served from. */
  readonly site: string;
  readonly driftService: string;
  readonly service: string;
  readonly intervalMs: number;
}

/** All of Driftline in this page: where sketches go, and the one call that is watched. Works the same in a worker. */
export async function watchedReader(options: WatchedReaderOptions): Promise<WatchedReader> {
  const { site, driftService: endpoint, service, intervalMs } = options;
  const driftline = startDriftline({ service, endpoint, intervalMs, privacy: { minimumRows: MINIMUM_ROWS } });
  const read = monitorModel({ profile }).wrap(await openDigitReader(site), {
    features: digitFeatures,
    system: 'onnxruntime',
  });
  return { read, driftline };
}
