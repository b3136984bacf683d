import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Secret } from '../settings/secret.ts';
import { failureOf, type HttpPost } from './http-post.ts';

export type OtlpSignal = 'metrics' | 'logs';

/** `refused` will never be taken, however often it is sent; `failed` may be, later. */
export type PublishResult =
  | { readonly kind: 'sent' }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string; readonly retryAfterMs?: number };

export interface PublisherOptions {
  /** Base address; `/v1/metrics` and `/v1/logs` are appended. */
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, Secret>>;
  readonly post: HttpPost;
}

/** Sends OTLP requests over HTTP, in protobuf and gzip, once each: when to try again is for the caller to say. */
export class OtlpPublisher {
  readonly #options: PublisherOptions;

  constructor(options: PublisherOptions) {
    this.#options = options;
  }

  async send(signal: OtlpSignal, request: Uint8Array): Promise<PublishResult> {
    const { endpoint, headers, post } = this.#options;
    const result = await post({
      url: `${endpoint.replace(/\/+$/, '')}/v1/${signal}`,
      headers: {
        ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value.reveal()])),
        'content-type': 'application/x-protobuf',
        'content-encoding': 'gzip',
      },
      body: Uint8Array.from(await compress(request)),
    });
    const reason = failureOf(result);
    if (reason === undefined) return { kind: 'sent' };
    if ('status' in result && unacceptable.includes(result.status)) return { kind: 'refused', reason };
    const retryAfterMs = 'status' in result ? result.retryAfterMs : undefined;
    return { kind: 'failed', reason, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  }
}

const compress = promisify(gzip);

/** What the content is to blame for. A wrong address or token can be put right, so those are tried again. */
const unacceptable = [400, 413, 422];
