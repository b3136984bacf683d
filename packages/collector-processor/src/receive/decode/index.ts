import type { Identities } from '../identity.ts';
import { JsonDecoder } from './json.ts';
import { ProtobufDecoder } from './protobuf.ts';
import { type Decoded, UnitAssembly } from './unit-assembly.ts';

export { DecodeError } from './decode-error.ts';
export type { Decoded } from './unit-assembly.ts';

export const signals = ['metrics', 'logs', 'traces'] as const;
export type Signal = (typeof signals)[number];

export type Encoding = 'protobuf' | 'json';

export interface EncodedRequest {
  readonly signal: Signal;
  readonly encoding: Encoding;
  readonly body: Uint8Array;
  readonly tenant: string;
  readonly nowMs: number;
}

/** Turns OTLP requests into units. Remembers what senders repeat, so keep one for the life of the service. */
export class OtlpDecoder {
  readonly #identities: Identities;
  readonly #decoders: Readonly<Record<Encoding, ProtobufDecoder | JsonDecoder>>;

  constructor(identities: Identities) {
    this.#identities = identities;
    this.#decoders = { protobuf: new ProtobufDecoder(identities), json: new JsonDecoder(identities) };
  }

  /** Throws `DecodeError` when the body is not the encoding it says; what is readable but wrong is refused by reason. */
  decode({ signal, encoding, body, tenant, nowMs }: EncodedRequest): Decoded {
    const assembly = new UnitAssembly(this.#identities, nowMs);
    // A plain view, since a Buffer's slice() is no copy.
    const bytes = new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
    this.#decoders[encoding][signal](bytes, tenant, assembly);
    return assembly.finish();
  }
}
