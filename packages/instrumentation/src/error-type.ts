import { ERROR_TYPE_VALUE_OTHER } from '@driftline/semantic-conventions';

/** Error codes are few, but some libraries put ids into them: past this many, the rest is one. */
const MAX_TYPES = 50;
const known = new Set<string>();

/** `error.type` of OpenTelemetry: the code (`ECONNRESET`), else the name (`TypeError`). */
export function errorTypeOf(error: unknown): string {
  const type = textOf(error, 'code') ?? textOf(error, 'name') ?? ERROR_TYPE_VALUE_OTHER;
  if (known.has(type)) return type;
  if (known.size >= MAX_TYPES) return ERROR_TYPE_VALUE_OTHER;
  known.add(type);
  return type;
}

/** Reading a property of somebody's error may itself throw. */
function textOf(error: unknown, property: 'code' | 'name'): string | undefined {
  try {
    const value: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, property) : undefined;
    return typeof value === 'string' && value !== '' ? value : undefined;
  } catch {
    return undefined;
  }
}
