export interface SamplingOptions {
  /** The share of calls that have a span from their start, 0 to 1. Default 1. The SDK's sampler is asked after it. */
  readonly ratio?: number;
  /** A call that took so long has one all the same, made when it ends. Default: none is slow. */
  readonly slowMs?: number;
  /** So has a call that failed. Default true. */
  readonly failed?: boolean;
  /** So has one with a feature or an output outside the reference; by its features, from its start. Default true. */
  readonly anomalous?: boolean;
  /** From here on, the answer of an `unsupervised` model, or the score of a row by `rowAnomalies`, is an anomaly. */
  readonly anomalyScore?: number;
}

/** Which calls have a span. */
export interface Sampling {
  readonly ratio: number;
  readonly slowSeconds: number;
  readonly keepsFailed: boolean;
  readonly keepsAnomalous: boolean;
  readonly anomalyScore: number;
}

const everyCall: Sampling = {
  ratio: 1,
  slowSeconds: Number.POSITIVE_INFINITY,
  keepsFailed: true,
  keepsAnomalous: true,
  anomalyScore: Number.POSITIVE_INFINITY,
};

/** For monitors that have none of their own; `startDriftline` sets it. */
export const defaultSampling: { current: Sampling } = { current: everyCall };

/** What makes no sense is complained of, and every call has its span. */
export function samplingOf(options: SamplingOptions | undefined, complain: (message: string) => void): Sampling {
  if (options === undefined) return everyCall;
  const { ratio = 1, slowMs = Number.POSITIVE_INFINITY, failed = true, anomalous = true, anomalyScore } = options;
  if (!(ratio >= 0 && ratio <= 1)) complain(`sampling.ratio ${ratio} is no number from 0 to 1; using 1.`);
  if (!(slowMs >= 0)) complain(`sampling.slowMs ${slowMs} is no number of milliseconds; none is slow.`);
  return {
    ratio: ratio >= 0 && ratio <= 1 ? ratio : 1,
    slowSeconds: slowMs >= 0 ? slowMs / 1000 : Number.POSITIVE_INFINITY,
    keepsFailed: failed,
    keepsAnomalous: anomalous,
    anomalyScore: anomalyScore ?? Number.POSITIVE_INFINITY,
  };
}

/**
 * Before the call. Calls of one trace are kept or left together, in whatever service: the trace's id decides, by the end
 * of it that W3C wants random. Where there is none, `random` does, from 0 to 1.
 */
export function isInRatio(ratio: number, traceId: string | undefined, random: () => number): boolean {
  if (ratio >= 1) return true;
  return (traceId === undefined ? random() : Number.parseInt(traceId.slice(-8), 16) / 2 ** 32) < ratio;
}

export interface CallEnd {
  readonly seconds: number;
  readonly hasFailed: boolean;
  readonly isAnomalous: boolean;
}

/** After the call: whether it is worth a span that it did not have. */
export function isWorthKeeping(sampling: Sampling, { seconds, hasFailed, isAnomalous }: CallEnd): boolean {
  return (
    seconds >= sampling.slowSeconds || (hasFailed && sampling.keepsFailed) || (isAnomalous && sampling.keepsAnomalous)
  );
}
