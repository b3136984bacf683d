import type { Encoding, Signal } from './decode/index.ts';
import type { Refusals, RefusalReason } from './unit.ts';

/** A status that is not 200, with the code and words of its google.rpc.Status. */
export interface Failure {
  readonly status: keyof typeof rpcCodes;
  readonly message: string;
}

/** google.rpc.Code by HTTP status. */
const rpcCodes = { 400: 3, 401: 16, 413: 8, 415: 3, 429: 8, 503: 14 } as const;

export const contentTypes = { protobuf: 'application/x-protobuf', json: 'application/json' } as const satisfies Record<
  Encoding,
  string
>;

export function failureBody(encoding: Encoding, { status, message }: Failure): string | Uint8Array<ArrayBuffer> {
  const code = rpcCodes[status];
  return encoding === 'json'
    ? JSON.stringify({ code, message })
    : concatenated(varintField(1, code), textField(2, message));
}

/** Empty on full success, as OTLP asks; otherwise how many were not counted, and why. */
export function successBody(encoding: Encoding, signal: Signal, refused: Refusals): string | Uint8Array<ArrayBuffer> {
  const rejected = Object.values(refused).reduce((sum, points) => sum + points, 0);
  if (rejected === 0) return encoding === 'json' ? '{}' : new Uint8Array(0);
  const message = describe(refused);
  return encoding === 'json'
    ? JSON.stringify({ partialSuccess: { [rejectedNames[signal]]: String(rejected), errorMessage: message } })
    : concatenated(bytesField(1, concatenated(varintField(1, rejected), textField(2, message))));
}

const rejectedNames = {
  metrics: 'rejectedDataPoints',
  logs: 'rejectedLogRecords',
  traces: 'rejectedSpans',
} as const satisfies Record<Signal, string>;

const meanings = {
  late: 'late or already counted: their window is closed',
  future: 'end more than 5 minutes ahead of this service',
  invalid_interval: 'without an end, or start after their end',
  invalid_histogram: 'with buckets that do not fit their edges or count',
  invalid_value: 'with a value that is missing or not finite',
  unsupported_kind: 'of a kind or temporality this service does not read',
  missing_model_name: 'without ml.model.name',
  over_limit: 'over a limit of this service',
} as const satisfies Record<RefusalReason, string>;

function describe(refused: Refusals): string {
  const meaningOf: Readonly<Record<string, string>> = meanings;
  const reasons = Object.entries(refused).map(([reason, points]) => `${points} ${meaningOf[reason]} (${reason})`);
  return `not counted: ${reasons.join('; ')}`;
}

const varintField = (field: number, value: number): Uint8Array => Uint8Array.of(field << 3, ...varint(value));

function bytesField(field: number, value: Uint8Array): Uint8Array {
  return concatenated(Uint8Array.of((field << 3) | 2, ...varint(value.length)), value);
}

const textField = (field: number, text: string): Uint8Array => bytesField(field, new TextEncoder().encode(text));

function varint(value: number): readonly number[] {
  return value < 0x80 ? [value] : [(value % 0x80) | 0x80, ...varint(Math.floor(value / 0x80))];
}

function concatenated(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
