import { channel } from 'node:diagnostics_channel';
import { z } from 'zod';

const BLOCKS = 400;
const CALLS_A_BLOCK = 10;

/**
 * Seconds that watching adds to a call: blocks of calls with and without it take turns over the same rows, and the median
 * of their differences counts, since the machine has other things to do as well.
 */
export async function secondsAPrediction<Row>(
  { watched, unwatched }: { readonly watched: Predict<Row>; readonly unwatched: Predict<Row> },
  rows: readonly Row[],
): Promise<number | undefined> {
  if (rows.length < CALLS_A_BLOCK) return undefined;
  const differences: number[] = [];
  for (let block = 0; block < BLOCKS; block += 1) {
    const start = (block * CALLS_A_BLOCK) % (rows.length - CALLS_A_BLOCK + 1);
    const some = rows.slice(start, start + CALLS_A_BLOCK);
    // Whoever goes second finds the rows in the cache: they take turns at that too.
    const isWatchedFirst = block % 2 === 0;
    const first = await secondsFor(isWatchedFirst ? watched : unwatched, some);
    const second = await secondsFor(isWatchedFirst ? unwatched : watched, some);
    differences.push((isWatchedFirst ? first - second : second - first) / CALLS_A_BLOCK);
  }
  return differences.toSorted((one, other) => one - other)[BLOCKS / 2];
}

type Predict<Row> = (row: Row) => Promise<unknown>;

async function secondsFor<Row>(predict: Predict<Row>, rows: readonly Row[]): Promise<number> {
  const start = performance.now();
  for (const row of rows) await predict(row);
  return (performance.now() - start) / 1000;
}

/** Node tells of every request that `fetch` makes, with the length of its body as it goes over the wire. */
const requests = channel('undici:request:create');
const Created = z.object({
  request: z.object({ origin: z.string(), path: z.string(), contentLength: z.number() }),
});

/** Counts what this process sends to one address. */
export class SentBytes implements Disposable {
  readonly #url: URL;
  #bytes = 0;
  #requests = 0;

  constructor(url: string) {
    this.#url = new URL(url);
    requests.subscribe(this.#count);
  }

  get bytesARequest(): number | undefined {
    return this.#requests === 0 ? undefined : this.#bytes / this.#requests;
  }

  [Symbol.dispose](): void {
    requests.unsubscribe(this.#count);
  }

  readonly #count = (message: unknown): void => {
    const created = Created.safeParse(message);
    if (!created.success) return;
    const { origin, path, contentLength } = created.data.request;
    if (origin !== this.#url.origin || path !== this.#url.pathname) return;
    this.#bytes += contentLength;
    this.#requests += 1;
  };
}
