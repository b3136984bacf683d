import { AsyncLocalStorage } from 'node:async_hooks';
import { createRequire } from 'node:module';
import { type Context, context, type ContextManager, ROOT_CONTEXT } from '@opentelemetry/api';
import { isRegisteredInApi } from './api-registration.ts';
import { explainError, faults } from './faults.ts';
import type { Companion } from './start.ts';

const requireFromHere = createRequire(import.meta.url);

export interface NodeSdkOptions {
  readonly service: string | undefined;
  /** What `@opentelemetry/instrumentation-host-metrics` measures. */
  readonly metricGroups: readonly string[];
}

/** OpenTelemetry's SDK for Node, configured by the `OTEL_*` variables: where none is registered, and it is installed. */
export function startNodeSdk({ service, metricGroups }: NodeSdkOptions): Companion | undefined {
  if (isRegisteredInApi('trace')) return undefined;
  try {
    const sdkNode: typeof import('@opentelemetry/sdk-node') | undefined = installed('@opentelemetry/sdk-node');
    if (sdkNode === undefined) return undefined;
    const hostMetrics: typeof import('@opentelemetry/instrumentation-host-metrics') | undefined = installed(
      '@opentelemetry/instrumentation-host-metrics',
    );
    const sdk = new sdkNode.NodeSDK({
      ...(service !== undefined && { serviceName: service }),
      instrumentations:
        hostMetrics === undefined || metricGroups.length === 0
          ? []
          : [new hostMetrics.HostMetricsInstrumentation({ metricGroups: [...metricGroups] })],
    });
    sdk.start();
    return { flush: async () => {}, shutdown: () => sdk.shutdown() };
  } catch (error) {
    faults.count({ stage: 'settings', message: `@opentelemetry/sdk-node did not start: ${explainError(error)}.` });
    return undefined;
  }
}

/** Without an SDK nothing would know which call runs inside which. */
export function carryContext(): void {
  if (!isRegisteredInApi('context')) context.setGlobalContextManager(new AsyncContextManager());
}

class AsyncContextManager implements ContextManager {
  readonly #storage = new AsyncLocalStorage<Context>();

  active(): Context {
    return this.#storage.getStore() ?? ROOT_CONTEXT;
  }

  with<Args extends unknown[], Run extends (...args: Args) => ReturnType<Run>>(
    within: Context,
    run: Run,
    self?: ThisParameterType<Run>,
    ...args: Args
  ): ReturnType<Run> {
    return this.#storage.run(within, () => run.apply(self, args));
  }

  bind<Target>(within: Context, target: Target): Target {
    if (typeof target !== 'function') return target;
    return new Proxy(target, {
      apply: (run, self, args) => this.#storage.run(within, () => Reflect.apply(run, self, args)),
    });
  }

  enable(): this {
    return this;
  }

  disable(): this {
    this.#storage.disable();
    return this;
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
