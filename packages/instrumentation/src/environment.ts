/** Environment variables where there are any: browsers and workers have none. */
export function environmentVariable(name: string): string | undefined {
  const runtime: unknown = Reflect.get(globalThis, 'process');
  const env: unknown = typeof runtime === 'object' && runtime !== null && 'env' in runtime ? runtime.env : undefined;
  const value: unknown = typeof env === 'object' && env !== null ? Reflect.get(env, name) : undefined;
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

export const isSwitchedOn = (name: string): boolean => environmentVariable(name)?.toLowerCase() === 'true';

/** `key=value,key2=value2`, percent-encoded, as OpenTelemetry writes headers and resource attributes. */
export function keyValueList(text: string | undefined): Readonly<Record<string, string>> {
  const pairs = (text ?? '').split(',').flatMap((pair) => {
    const at = pair.indexOf('=');
    const key = pair.slice(0, Math.max(at, 0)).trim();
    return key === '' ? [] : [[key, decoded(pair.slice(at + 1).trim())] as const];
  });
  return Object.fromEntries(pairs);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
