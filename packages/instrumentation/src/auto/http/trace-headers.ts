import { type Context, context, propagation } from '@opentelemetry/api';

export interface HeaderCarrier {
  has(name: string): boolean;
  set(name: string, value: string): void;
}

/** The trace goes on at the model's server. Headers that are there already, from whomever, stay as they are. */
export function addTraceHeaders(request: HeaderCarrier): void {
  const headers: Record<string, string> = {};
  propagation.inject(context.active(), headers);
  for (const [name, value] of Object.entries(headers)) if (!request.has(name)) request.set(name, value);
}

/** The trace that a request carries already, else the one that is under way here. */
export function traceOf(header: (name: string) => string | undefined): Context {
  const headers = Object.fromEntries(
    propagation.fields().flatMap((name): [string, string][] => {
      const value = header(name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
  return propagation.extract(context.active(), headers);
}
