import type { Alert } from './alert.ts';

/** Says that nobody is to be told for a while; the alert itself goes on. */
export interface Silence {
  readonly rule?: string;
  readonly model?: string;
  readonly until: number;
  readonly reason: string;
}

export function isSilenced(alert: Alert, silences: readonly Silence[], now: number): boolean {
  return silences.some(
    ({ rule, model, until }) =>
      now < until && (rule === undefined || rule === alert.rule) && (model === undefined || model === alert.model.name),
  );
}
