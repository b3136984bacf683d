import type { Hono } from 'hono';
import { type CheckResult, CheckRunner, type HealthChecks } from './check-runner.ts';
import { type Clock, systemClock } from './clock.ts';
import { type HealthReport, healthReport, type ServiceDescription } from './health-report.ts';
import { healthRoutes } from './health-routes.ts';

export interface HealthOptions {
  /** By the name that probes, `?exclude=` and `/health` use. */
  readonly checks?: HealthChecks;
  readonly service?: ServiceDescription;
  readonly clock?: Clock;
}

export interface Health {
  /** `/livez`, `/readyz`, `/health`: `app.route('/', health.routes)`. */
  readonly routes: Hono;
  /** Begins checking. Before the first answers the service is alive but not ready. */
  start(): void;
  /** Not ready from now on, still alive; resolves once no check is under way. */
  close(): Promise<void>;
  status(): HealthReport;
}

/** @throws where a setting makes no sense. */
export function createHealth({ checks = {}, service = {}, clock = systemClock }: HealthOptions = {}): Health {
  for (const [name, check] of Object.entries(checks)) {
    if (!/^[\w.-]+$/.test(name) || name === closing.name)
      throw new Error(`health: checks ${JSON.stringify(name)} cannot be a name; use letters, digits, "_", "." and "-"`);
    for (const setting of ['everyMs', 'timeoutMs'] as const)
      if (!(check[setting] > 0 && Number.isFinite(check[setting])))
        throw new Error(`health: checks.${name}.${setting} is ${check[setting]}; give milliseconds above 0`);
  }
  const runner = new CheckRunner(checks, clock);
  let isClosing = false;
  const results = () => (isClosing ? [closing, ...runner.results()] : runner.results());
  return {
    routes: healthRoutes(service, results),
    start: () => runner.start(),
    status: () => healthReport(service, results(), new Set()),
    close() {
      isClosing = true;
      return runner.close();
    },
  };
}

/** What load balancers see of a process that drains. */
const closing: CheckResult = {
  name: 'shutdown',
  affects: 'readiness',
  componentType: 'component',
  findings: [{ measurement: 'state', status: 'fail', output: 'the service is shutting down' }],
};
