import { context, propagation } from '@opentelemetry/api';

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
