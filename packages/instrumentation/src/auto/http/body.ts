import type { Message } from '../wire/message.ts';
import { zlib } from './runtime.ts';

/** Longer bodies are neither kept nor read: the call still has its span and its latency. */
const MAX_BYTES = 1024 * 1024;

/** Whether a response's body is worth keeping: streams of events, pages and files are the application's alone. */
export function isReadable(header: Message['header']): boolean {
  const isData = /^application\/(?:[\w.+-]*json|octet-stream)\b/i.test(header('content-type') ?? '');
  return isData && Number(header('content-length') ?? 0) <= MAX_BYTES;
}

/** The chunks of a body, as long as they are bytes or text and few enough. */
export class BodyCollector {
  #chunks: Uint8Array[] = [];
  #length = 0;
  #isGivenUp = false;

  add(chunk: unknown, encoding?: unknown): void {
    if (this.#isGivenUp) return;
    const bytes = bytesOf(chunk, encoding);
    this.#length += bytes?.length ?? 0;
    if (bytes === undefined || this.#length > MAX_BYTES) this.giveUp();
    else this.#chunks.push(bytes);
  }

  giveUp(): void {
    this.#isGivenUp = true;
    this.#chunks = [];
  }

  /** The body of a response, as the server meant it. */
  message(header: Message['header']): Message | undefined {
    const body = this.body();
    const plain = body && uncompressed(body, header('content-encoding'));
    return plain && { body: plain, header };
  }

  /** Undefined where there is none, or not all of it is known. */
  body(): Uint8Array | undefined {
    if (this.#isGivenUp || this.#length === 0) return undefined;
    const [first = new Uint8Array(), ...others] = this.#chunks;
    if (others.length === 0) return first;
    const whole = new Uint8Array(this.#length);
    let offset = 0;
    for (const chunk of this.#chunks) {
      whole.set(chunk, offset);
      offset += chunk.length;
    }
    return whole;
  }
}

const utf8 = new TextEncoder();

/** A copy, since its owner may use the memory again. Undefined for streams, forms, other encodings and what is too long. */
export function bytesOf(body: unknown, encoding?: unknown): Uint8Array | undefined {
  if (typeof body === 'string') {
    const isUtf8 = typeof encoding !== 'string' || /^utf-?8$/i.test(encoding);
    return isUtf8 && body.length <= MAX_BYTES ? utf8.encode(body) : undefined;
  }
  if (body instanceof ArrayBuffer) return body.byteLength <= MAX_BYTES ? new Uint8Array(body.slice(0)) : undefined;
  if (!ArrayBuffer.isView(body) || body.byteLength > MAX_BYTES) return undefined;
  return Uint8Array.from(new Uint8Array(body.buffer, body.byteOffset, body.byteLength));
}

/** Undefined where it is compressed in a way that is not known. */
function uncompressed(body: Uint8Array, encoding = 'identity'): Uint8Array | undefined {
  const limits = { maxOutputLength: MAX_BYTES };
  switch (encoding.toLowerCase()) {
    case 'identity':
      return body;
    case 'gzip':
    case 'deflate':
      return zlib?.unzipSync(body, limits);
    case 'br':
      return zlib?.brotliDecompressSync(body, limits);
    default:
      return undefined;
  }
}
