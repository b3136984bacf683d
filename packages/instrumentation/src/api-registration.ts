/** Whether the application, or an agent, has registered it with the OpenTelemetry API. The API itself tells nobody. */
export function isRegisteredInApi(part: 'trace' | 'metrics' | 'context' | 'diag'): boolean {
  const api: unknown = Reflect.get(globalThis, Symbol.for('opentelemetry.js.api.1'));
  return typeof api === 'object' && api !== null && part in api;
}
