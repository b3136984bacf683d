import { explainError } from '../faults.ts';
import { isRecord } from '../is-record.ts';

/** One request as it leaves, kept byte for byte until it is answered. */
export interface OtlpRequest {
  readonly path: '/v1/metrics' | '/v1/logs';
  readonly body: Uint8Array<ArrayBuffer>;
}

export type Delivery =
  /** `rejected` of it will never be counted: late, or counted already. */
  | { readonly kind: 'delivered'; readonly rejected: number; readonly reason: string }
  /** Ambiguous or temporary: the receiver may even have counted it. Send the same bytes again. */
  | { readonly kind: 'failed'; readonly reason: string; readonly retryAfterMs: number }
  /** The receiver will never take it. */
  | { readonly kind: 'refused'; readonly reason: string };

export interface SenderOptions {
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/** OTLP/HTTP says these, and no others, may be tried again. */
const retryable: ReadonlySet<number> = new Set([429, 502, 503, 504]);
/** Compressing less saves no packet. */
const COMPRESS_FROM_BYTES = 1400;
/** A browser refuses more with `keepalive`; without it a request may outlive the page, or not. */
const MOST_KEEPALIVE_BYTES = 64 * 1024;

/** OTLP/JSON over `fetch`: the same code in Node, browsers, workers, Deno and Bun, and every answer is seen. */
export class OtlpSender {
  readonly endpoint: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #timeoutMs: number;

  constructor({ endpoint, headers, timeoutMs }: SenderOptions) {
    this.endpoint = endpoint.replace(/\/+$/, '');
    this.#headers = headers;
    this.#timeoutMs = timeoutMs;
  }

  /** Never rejects. */
  async send({ path, body }: OtlpRequest): Promise<Delivery> {
    try {
      const isCompressed = body.byteLength >= COMPRESS_FROM_BYTES;
      const response = await fetch(this.endpoint + path, {
        method: 'POST',
        headers: {
          ...this.#headers,
          'content-type': 'application/json',
          ...(isCompressed && { 'content-encoding': 'gzip' }),
        },
        body: isCompressed ? await gzip(body) : body,
        signal: AbortSignal.timeout(this.#timeoutMs),
        redirect: 'error',
      });
      return await deliveryOf(response);
    } catch (error) {
      return { kind: 'failed', reason: describeFetchError(error), retryAfterMs: 0 };
    }
  }

  /** The last words of a page that is being closed: uncompressed, since nothing asynchronous may come first. */
  sendAndForget({ path, body }: OtlpRequest): void {
    const headers = { ...this.#headers, 'content-type': 'application/json' };
    const keepalive = body.byteLength <= MOST_KEEPALIVE_BYTES;
    fetch(this.endpoint + path, { method: 'POST', headers, body, keepalive }).catch(() => {
      // Nobody is left to tell.
    });
  }
}

async function gzip(body: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer> {
  return new Response(new Blob([body]).stream().pipeThrough(new CompressionStream('gzip'))).arrayBuffer();
}

async function deliveryOf(response: Response): Promise<Delivery> {
  const text = await response.text();
  if (response.ok) return { kind: 'delivered', ...partialSuccessOf(text) };
  const reason = `${response.status} ${response.statusText || text.slice(0, 200)}`.trim();
  return retryable.has(response.status)
    ? { kind: 'failed', reason, retryAfterMs: retryAfterMsOf(response.headers.get('retry-after')) }
    : { kind: 'refused', reason };
}

function partialSuccessOf(text: string): { readonly rejected: number; readonly reason: string } {
  const answer = parsed(text);
  const partial = isRecord(answer) && isRecord(answer.partialSuccess) ? answer.partialSuccess : {};
  const rejected = Number(partial.rejectedDataPoints ?? partial.rejectedLogRecords ?? 0);
  const reason = typeof partial.errorMessage === 'string' ? partial.errorMessage : 'no reason given';
  return { rejected: Number.isFinite(rejected) ? rejected : 0, reason };
}

/** Receivers that answer 200 with something else than JSON have taken it all the same. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Seconds, or an HTTP date. */
function retryAfterMsOf(header: string | null): number {
  if (header === null) return 0;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : 0;
}

/** `fetch failed` alone says nothing: the cause does. */
function describeFetchError(error: unknown): string {
  const cause: unknown = error instanceof Error ? error.cause : undefined;
  return cause === undefined ? explainError(error) : explainError(cause);
}
