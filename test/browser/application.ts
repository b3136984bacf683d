/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/// <reference lib="dom.asynciterable" />
import { watchedReader } from '../../examples/browser/page/watched-reader.ts';

/** What a test may ask of the script, in a page and in a worker alike. */
export interface Application {
  /** Predicts so often, and tells the last class. */
  predict(times: number): Promise<string>;
  flush(): Promise<void>;
  errors(): Promise<Readonly<Partial<Record<string, number>>>>;
}

const script = new URL(import.meta.url);
const { read, driftline } = await watchedReader({
  site: script.origin,
  driftService: script.searchParams.get('drift-service') ?? '',
  service: script.searchParams.get('service') ?? '',
  // Nothing leaves by itself within a test.
  intervalMs: 60_000,
});

/** A vertical line. */
const one = Float32Array.from({ length: 64 }, (_, i) => (i % 8 === 3 || i % 8 === 4 ? 15 : 0));

const application: Application = {
  predict: async (times) => {
    let last = '';
    for (let i = 0; i < times; i++) last = (await read(one)).class;
    return last;
  },
  flush: () => driftline.flush(),
  errors: async () => driftline.status().errors,
};

declare global {
  // oxlint-disable-next-line no-var
  var driftlineApplication: Application | undefined;
}

if ('document' in globalThis) globalThis.driftlineApplication = application;
else {
  addEventListener('message', ({ data }) => void answer(data));
  postMessage('ready');
}

async function answer([call, times]: [keyof Application, number]): Promise<void> {
  postMessage(await application[call](times));
}
