import { createRequire } from 'node:module';
import { isRegisteredInApi } from './api-registration.ts';
import { describeError, faults } from './faults.ts';
import type { DriftlineOptions } from './settings.ts';
import { type Companion, type Driftline, start } from './start.ts';

export type { Driftline, DriftlineStatus } from './start.ts';
export type { DriftlineOptions } from './settings.ts';

/**
 * As `startDriftline` of the core. Where no tracer provider is registered and `@opentelemetry/sdk-node` is installed, it
 * also starts that SDK, configured by the `OTEL_*` variables, with host and process metrics where
 * `@opentelemetry/instrumentation-host-metrics` is installed.
 */
export function startDriftline(options: DriftlineOptions = {}): Driftline {
  return start(options, () => (isRegisteredInApi('trace') ? undefined : startNodeSdk(options)));
}

const requireFromHere = createRequire(import.meta.url);

function startNodeSdk({ service }: DriftlineOptions): Companion | undefined {
  try {
    const sdkNode: typeof import('@opentelemetry/sdk-node') | undefined = installed('@opentelemetry/sdk-node');
    if (sdkNode === undefined) return undefined;
    const hostMetrics: typeof import('@opentelemetry/instrumentation-host-metrics') | undefined = installed(
      '@opentelemetry/instrumentation-host-metrics',
    );
    const sdk = new sdkNode.NodeSDK({
      ...(service !== undefined && { serviceName: service }),
      instrumentations: hostMetrics === undefined ? [] : [new hostMetrics.HostMetricsInstrumentation()],
    });
    sdk.start();
    return { flush: async () => {}, shutdown: () => sdk.shutdown() };
  } catch (error) {
    faults.count({ stage: 'settings', message: `@opentelemetry/sdk-node did not start: ${describeError(error)}.` });
    return undefined;
  }
}

/** Optional, so asked for at run time; `startDriftline` answers at once, so without waiting. */
function installed(name: string): ReturnType<NodeJS.Require> {
  try {
    return requireFromHere(name);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}
