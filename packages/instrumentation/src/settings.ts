import { environmentVariable, isSwitchedOn, keyValueList } from './environment.ts';
import { type Sampling, type SamplingOptions, samplingOf } from './sampling.ts';

export interface DriftlineOptions {
  /** `service.name`; else that of the SDK, of `OTEL_SERVICE_NAME`, of `OTEL_RESOURCE_ATTRIBUTES`. */
  readonly service?: string;
  /** Further resource attributes, e.g. `deployment.environment.name`. */
  readonly resource?: Readonly<Record<string, string | number | boolean>>;
  /** The drift service, or a collector in front of it. Default `DRIFTLINE_ENDPOINT`, else `http://127.0.0.1:3743`. */
  readonly endpoint?: string;
  /** E.g. an `authorization` header. Default `DRIFTLINE_HEADERS`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Default `DRIFTLINE_DISABLED` or `OTEL_SDK_DISABLED`. */
  readonly disabled?: boolean;
  /** The period of a sketch; it must divide the window of the drift service. Default one minute. */
  readonly intervalMs?: number;
  /** Which calls have a span, of monitors that say nothing else. Default: all that the SDK's sampler takes. */
  readonly sampling?: SamplingOptions;
  readonly privacy?: {
    /** Fewer rows never leave alone: they join the next period. Default 1, in browsers 10. */
    readonly minimumRows?: number;
    /** Send the least and the greatest value of a period, which are raw values. Default false. */
    readonly extremes?: boolean;
  };
}

export interface Settings {
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly isDisabled: boolean;
  readonly periodMs: number;
  readonly minimumRows: number;
  readonly sendsExtremes: boolean;
  readonly sampling: Sampling;
}

/** Never `OTEL_EXPORTER_OTLP_ENDPOINT`: sketches at a vendor are 107 series a feature on somebody's bill. */
const DEFAULT_ENDPOINT = 'http://127.0.0.1:3743';
const MINUTE_MS = 60_000;

/** A setting that makes no sense is replaced by its default and complained of: it must not stop a service. */
export function settingsOf(options: DriftlineOptions, complain: (message: string) => void): Settings {
  const endpoint = options.endpoint ?? environmentVariable('DRIFTLINE_ENDPOINT') ?? DEFAULT_ENDPOINT;
  const url = URL.parse(endpoint);
  const hasPassword = url !== null && url.username + url.password !== '';
  const isUrl = /^https?:$/.test(url?.protocol ?? '') && !hasPassword;
  if (hasPassword) {
    complain('endpoint holds a user or password, so nothing is sent. Put it into headers, or DRIFTLINE_HEADERS.');
  } else if (!isUrl) {
    complain(
      `endpoint "${endpoint}" is no http or https URL, so nothing is sent. Set DRIFTLINE_ENDPOINT=http://host:3743.`,
    );
  }
  return {
    endpoint: isUrl ? endpoint : DEFAULT_ENDPOINT,
    headers: options.headers ?? keyValueList(environmentVariable('DRIFTLINE_HEADERS')),
    isDisabled: !isUrl || (options.disabled ?? isDisabledByEnvironment()),
    periodMs: positiveInteger('intervalMs', options.intervalMs, MINUTE_MS, complain),
    minimumRows: positiveInteger('privacy.minimumRows', options.privacy?.minimumRows, isBrowser() ? 10 : 1, complain),
    sendsExtremes: options.privacy?.extremes ?? false,
    sampling: samplingOf(options.sampling, complain),
  };
}

/** One person's rows, where a server has everybody's. */
const isBrowser = (): boolean =>
  ['document', 'DedicatedWorkerGlobalScope', 'SharedWorkerGlobalScope'].some((name) => name in globalThis);

export const isDisabledByEnvironment = (): boolean =>
  isSwitchedOn('DRIFTLINE_DISABLED') || isSwitchedOn('OTEL_SDK_DISABLED');

function positiveInteger(
  name: string,
  value: number | undefined,
  fallback: number,
  complain: (message: string) => void,
): number {
  if (value === undefined) return fallback;
  if (Number.isSafeInteger(value) && value > 0) return value;
  complain(`${name} ${value} is no positive whole number; using ${fallback}.`);
  return fallback;
}
