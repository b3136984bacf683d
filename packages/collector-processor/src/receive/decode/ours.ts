import { METRIC_ML_SECURITY_OBSERVATIONS } from '@driftline/semantic-conventions';

/** What the service reads. Everything else passes by undecoded, answered 200. */
export const isOurMetric = (name: string): boolean =>
  startsWithAny(name, ['ml.feature.', 'ml.output.']) || name === METRIC_ML_SECURITY_OBSERVATIONS;

export const isOurEvent = (name: string): boolean => startsWithAny(name, ['ml.feature.', 'ml.prediction.']);

const startsWithAny = (name: string, prefixes: readonly string[]): boolean =>
  prefixes.some((prefix) => name.startsWith(prefix));
