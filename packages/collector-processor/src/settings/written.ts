import type { Path } from './yaml-source.ts';

/** What no section can tell alone. */
export interface CrossProblem {
  readonly path: Path;
  readonly complaint: string;
}

/** A field of settings as they were written, whatever stands there. */
export function field(value: unknown, key: string): unknown {
  const fields = mapping(value);
  return Object.hasOwn(fields, key) ? fields[key] : undefined;
}

export function mapping(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
