/** Raised with every renamed attribute or metric; `schemas/` keeps one file for each version ever published. */
export const SCHEMA_VERSION = '0.1.0';

/** Served from this package's own published files, so it resolves for as long as the package does. */
export const SCHEMA_URL = `https://unpkg.com/@driftline/semantic-conventions/schemas/${SCHEMA_VERSION}` as const;

/** Spans, latency and throughput of predictions. */
export const SCOPE_INSTRUMENTATION = '@driftline/instrumentation';
/** Histogram and sum sketches. */
export const SCOPE_SKETCHES = '@driftline/instrumentation/sketches';
/** Exponential histograms: one scope must not hold one metric name in two types. */
export const SCOPE_EXPONENTIAL_SKETCHES = '@driftline/instrumentation/exponential-sketches';
/** Host, process, container, GPU. */
export const SCOPE_RESOURCES = '@driftline/instrumentation/resources';
/** How the checks of a service stand. */
export const SCOPE_HEALTH = '@driftline/health';
/** What `driftline health test` found. */
export const SCOPE_HEALTH_TEST = '@driftline/health/test';
/** What the drift service found. */
export const SCOPE_RESULTS = '@driftline/collector-processor';
