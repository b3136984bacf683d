import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Lease } from './admission.ts';

export type Body = Uint8Array | 'too_large' | 'no_room' | 'undecodable' | 'aborted';

export interface BodyOptions {
  readonly isGzip: boolean;
  /** Largest size after decompression. */
  readonly limitBytes: number;
  readonly lease: Lease;
}

/** Reads a request's body, counting as it comes out of the decompressor: a bomb is noticed at the limit, not after it. */
export async function readBody(incoming: Readable, { isGzip, limitBytes, lease }: BodyOptions): Promise<Body> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const plain = isGzip ? gunzipped(incoming) : incoming;
  try {
    // The socket stays open on the way out: the answer is still to be written to it.
    for await (const chunk of plain.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
      length += chunk.length;
      if (length > limitBytes) return 'too_large';
      if (!lease.cover(length)) return 'no_room';
      chunks.push(chunk);
    }
  } catch {
    return incoming.errored || (incoming.destroyed && !incoming.readableEnded) ? 'aborted' : 'undecodable';
  } finally {
    if (isGzip) {
      incoming.unpipe();
      plain.destroy();
    }
  }
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, length);
}

function gunzipped(incoming: Readable): Readable {
  const gunzip = createGunzip({ chunkSize: 64 * 1024 });
  incoming.once('error', (error) => gunzip.destroy(error));
  return incoming.pipe(gunzip);
}
