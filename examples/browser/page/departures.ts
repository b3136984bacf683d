import type { WireRequest } from './wire.ts';

/** One request that left this device. */
export interface Departure {
  readonly at: Date;
  /** Bytes of the body as they went over the wire, compressed where they were. */
  readonly bytes: number;
  readonly content: WireRequest;
}

/** Looks over the shoulder of everything that this page sends to the drift service. */
export function watchDepartures(driftService: string, onDeparture: (departure: Departure) => void): void {
  const send = globalThis.fetch;
  globalThis.fetch = async (target, init) => {
    const body = init?.body;
    const isDeparture = typeof target === 'string' && target.startsWith(driftService);
    if (isDeparture && isBytes(body)) {
      const isCompressed = new Headers(init?.headers).get('content-encoding') === 'gzip';
      void contentOf(new Blob([body]), isCompressed).then((content) =>
        onDeparture({ at: new Date(), bytes: body.byteLength, content }),
      );
    }
    return send(target, init);
  };
}

/** As the sketch lane sends it: compressed or not. */
function isBytes(body: unknown): body is ArrayBuffer | Uint8Array<ArrayBuffer> {
  return body instanceof ArrayBuffer || body instanceof Uint8Array;
}

async function contentOf(body: Blob, isCompressed: boolean): Promise<WireRequest> {
  const stream = isCompressed ? body.stream().pipeThrough(new DecompressionStream('gzip')) : body.stream();
  const content: WireRequest = await new Response(stream).json();
  return content;
}
