import { ERROR_TYPE_VALUE_OTHER } from '@driftline/semantic-conventions';

/** Error codes are few, but some libraries put ids into them: past this many, the rest is one. */
const MAX_TYPES = 50;
const known = new Set<string>();

/**
 * `error.type` of OpenTelemetry: the code where it is one (`ECONNRESET`, `P2002`), else the name where it is a class's
 * (`TypeError`). Both are data that a library may fill with what it was given: what does not look the part stays here.
 */
export function errorTypeOf(error: unknown): string {
  const type = codeOf(error) ?? classNameOf(error) ?? ERROR_TYPE_VALUE_OTHER;
  if (known.has(type)) return type;
  if (known.size >= MAX_TYPES) return ERROR_TYPE_VALUE_OTHER;
  known.add(type);
  return type;
}

/** The class of an error: written in code, where its message may repeat what it was given. */
export function classNameOf(error: unknown): string | undefined {
  const name = property(error, 'name');
  if (typeof name === 'string' && looksLikeErrorClass.test(name)) return name;
  const constructor = property(error, 'constructor');
  const isClass = typeof constructor === 'function' && constructor !== Object && constructor.name !== '';
  return isClass ? constructor.name : undefined;
}

function codeOf(error: unknown): string | undefined {
  const code = property(error, 'code');
  if (typeof code === 'number') return property(error, 'metadata') === undefined ? undefined : grpcStatuses[code];
  return typeof code === 'string' && looksLikeCode.test(code) ? code : undefined;
}

/** Of errors of gRPC, which have metadata, by their number. */
const grpcStatuses: readonly string[] = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
];

/** A status of HTTP, or capitals and underscores with at most five digits in a row. */
const looksLikeCode = /^[45]\d\d$|^(?=.{2,40}$)[A-Z](?:[A-Z_]|\d{1,5}(?!\d))*$/;
const looksLikeErrorClass = /^[A-Z][A-Za-z]{1,40}(?:Error|Exception)$/;

/** Reading a property of somebody's error may itself throw. */
function property(error: unknown, name: 'code' | 'metadata' | 'name' | 'constructor'): unknown {
  try {
    return typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;
  } catch {
    return undefined;
  }
}
