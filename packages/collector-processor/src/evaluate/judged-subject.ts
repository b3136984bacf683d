import type { ModelSettings } from '../settings.ts';
import type { Observations } from './observations.ts';

/** Latency travels as an output, but how long an answer took is no property of the model's data. */
export const LATENCY = 'latency';

export function isJudged({ role, name }: Pick<Observations, 'role' | 'name'>, { features }: ModelSettings): boolean {
  return !(role === 'output' && name === LATENCY) && features[name]?.ignore !== true;
}
