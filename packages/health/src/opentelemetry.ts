import {
  ATTR_DRIFTLINE_HEALTH_CHECK_NAME,
  ATTR_DRIFTLINE_HEALTH_CHECK_TYPE,
  ATTR_DRIFTLINE_HEALTH_FAILING_CHECKS,
  ATTR_DRIFTLINE_HEALTH_STATE,
  ATTR_ML_MODEL_NAME,
  ATTR_ML_MODEL_VERSION,
  METRIC_DRIFTLINE_HEALTH_STATUS,
  healthMetrics,
  SCHEMA_URL,
  SCOPE_HEALTH,
} from '@driftline/semantic-conventions';
import { type Attributes, type Meter, metrics, type SpanContext } from '@opentelemetry/api';
import type { CheckResult } from './check-runner.ts';
import { type HealthStatus, statusOf } from './checks/health-check.ts';
import type { Health } from './health.ts';
import { overall } from './health-report.ts';

/** Reports every check whenever metrics are collected: by the global provider, which must be there, unless a meter is given. */
export function observeHealth(
  health: Pick<Health, 'results'>,
  { meter = metrics.getMeter(SCOPE_HEALTH, undefined, { schemaUrl: SCHEMA_URL }) }: { readonly meter?: Meter } = {},
): void {
  const { unit, brief } = healthMetrics[METRIC_DRIFTLINE_HEALTH_STATUS];
  const status = meter.createObservableUpDownCounter(METRIC_DRIFTLINE_HEALTH_STATUS, { unit, description: brief });
  status.addCallback((observer) => {
    for (const result of health.results())
      for (const state of states)
        observer.observe(state === statusOf(result) ? 1 : 0, {
          ...attributesOf(result),
          [ATTR_DRIFTLINE_HEALTH_STATE]: state,
        });
  });
}

/** What is used of a span that begins; those of SDK 2 and 3 have it. */
export interface BeginningSpan {
  readonly parentSpanContext?: SpanContext;
  setAttribute(name: string, value: string | string[]): unknown;
}

/**
 * For `spanProcessors` of an SDK: says on the first span of a trace in this process how the service stands. A resource
 * could not say it: it is fixed when the process starts.
 */
export class HealthSpanProcessor {
  readonly #health: Pick<Health, 'results'>;

  constructor(health: Pick<Health, 'results'>) {
    this.#health = health;
  }

  onStart(span: BeginningSpan): void {
    const { parentSpanContext } = span;
    if (parentSpanContext !== undefined && parentSpanContext.isRemote !== true) return;
    const results = this.#health.results();
    span.setAttribute(ATTR_DRIFTLINE_HEALTH_STATE, overall(results));
    const failing = results.filter((result) => statusOf(result) !== 'pass').map(({ name }) => name);
    if (failing.length > 0) span.setAttribute(ATTR_DRIFTLINE_HEALTH_FAILING_CHECKS, failing);
  }

  onEnd(): void {}

  forceFlush(): Promise<void> {
    return Promise.resolve();
  }

  shutdown(): Promise<void> {
    return Promise.resolve();
  }
}

const states: readonly HealthStatus[] = ['pass', 'warn', 'fail'];

function attributesOf({ name, type, model }: CheckResult): Attributes {
  return {
    [ATTR_DRIFTLINE_HEALTH_CHECK_NAME]: name,
    [ATTR_DRIFTLINE_HEALTH_CHECK_TYPE]: type,
    ...(model && { [ATTR_ML_MODEL_NAME]: model.name }),
    ...(model?.version !== undefined && { [ATTR_ML_MODEL_VERSION]: model.version }),
  };
}
