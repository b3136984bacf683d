import type { Message } from './message.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Throws a TypeError that names no value: the parser's own message quotes the text, which is somebody's data. */
export function parseJson(text: Uint8Array | string): unknown {
  try {
    return JSON.parse(typeof text === 'string' ? text : utf8.decode(text));
  } catch {
    throw new TypeError('the body is no JSON in UTF-8');
  }
}

export function parseObject(text: Uint8Array | string): JsonObject {
  const parsed = parseJson(text);
  if (isObject(parsed)) return parsed;
  throw new TypeError('the body is no JSON object');
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `text/csv; charset=utf-8` is `text/csv`. */
export function mediaType(message: Message): string {
  return (message.header('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}
