import type { Hono } from 'hono';
import { type CheckResult, CheckRunner, type HealthChecks, type OnChange } from './check-runner.ts';
import { type Clock, systemClock } from './clock.ts';
import { type HealthReport, healthReport, isStarted, type ServiceDescription } from './health-report.ts';
import { healthRoutes } from './health-routes.ts';
import { bearerTokens, type Secret, secret } from './secret.ts';

export interface HealthOptions {
  /** By the name that probes, `?exclude=` and `/health` use. */
  readonly checks?: HealthChecks;
  readonly service?: ServiceDescription;
  /**
   * Who is told on `routes` why something fails, and with which figures; everybody is told names and statuses. A reason
   * may name hosts, accounts or files, so the default is nobody: use `detailedRoutes`, or a token.
   */
  readonly details?: 'everybody' | 'nobody' | { readonly bearer: string | Secret | readonly (string | Secret)[] };
  /** Liveness does not fail before everything that affects startup or liveness passed once, for so long at most. */
  readonly startupGraceMs?: number;
  /** For your log: a check that is taken for something else than before. */
  readonly onChange?: OnChange;
  readonly clock?: Clock;
}

export interface Health {
  /** `/startupz`, `/livez`, `/readyz`, `/health`, `/v2/...`: `app.route('/', health.routes)`. */
  readonly routes: Hono;
  /** The same with reasons and figures for everybody: for an address that only operators reach. */
  readonly detailedRoutes: Hono;
  /** Begins checking. Before the first answers the service is alive but not ready. */
  start(): void;
  /** Not ready from now on; still alive, and checks go on. */
  drain(): void;
  /** Drains, and resolves once no check is under way. */
  close(): Promise<void>;
  status(): HealthReport;
  results(): readonly CheckResult[];
}

/** @throws where a setting makes no sense. */
export function createHealth(options: HealthOptions = {}): Health {
  const { checks = {}, service = {}, startupGraceMs = 300_000, onChange = () => {}, clock = systemClock } = options;
  refuseWrongSettings(checks, startupGraceMs);
  const runner = new CheckRunner(checks, clock, guarded(onChange));
  const graceEnd = clock.now() + startupGraceMs;
  let isDraining = false;
  const results = () => (isDraining ? [shutdown, ...runner.results()] : runner.results());
  const known = {
    service,
    results,
    isStarting: () => clock.now() < graceEnd && !isStarted(runner.results()),
    isDraining: () => isDraining,
  };
  const drain = () => {
    isDraining = true;
  };
  return {
    routes: healthRoutes(known, detailsFor(options.details)),
    detailedRoutes: healthRoutes(known, () => true),
    start: () => runner.start(),
    status: () => healthReport(service, results(), { excluded: new Set(), isDetailed: true }),
    results,
    drain,
    close() {
      drain();
      return runner.close();
    },
  };
}

/** What load balancers see of a process that drains. */
const shutdown: CheckResult = {
  name: 'shutdown',
  type: 'shutdown',
  affects: 'readiness',
  componentType: 'component',
  findings: [{ measurement: 'state', status: 'fail', output: 'the service is shutting down' }],
  hasPassed: true,
};

function refuseWrongSettings(checks: HealthChecks, startupGraceMs: number): void {
  if (!(startupGraceMs >= 0)) throw new Error(`health: startupGraceMs is ${startupGraceMs}; give milliseconds`);
  for (const [name, check] of Object.entries(checks)) {
    if (!/^[\w.-]+$/.test(name) || name === shutdown.name)
      throw new Error(`health: checks ${JSON.stringify(name)} cannot be a name; use letters, digits, "_", "." and "-"`);
    for (const setting of ['everyMs', 'timeoutMs'] as const)
      if (!(check[setting] > 0 && Number.isFinite(check[setting])))
        throw new Error(`health: checks.${name}.${setting} is ${check[setting]}; give milliseconds above 0`);
    for (const setting of ['failAfter', 'recoverAfter'] as const)
      if (!(check[setting] >= 1 && Number.isInteger(check[setting])))
        throw new Error(`health: checks.${name}.${setting} is ${check[setting]}; give a count from 1`);
  }
}

/** A log that fails must not end the checks. */
function guarded(onChange: OnChange): OnChange {
  return (change) => {
    try {
      onChange(change);
    } catch (error) {
      process.emitWarning(`health: onChange threw ${String(error)}`);
    }
  };
}

function detailsFor(details: HealthOptions['details'] = 'nobody'): (authorization: string | undefined) => boolean {
  if (typeof details === 'string') return () => details === 'everybody';
  const tokens = [details.bearer].flat().map((token) => (typeof token === 'string' ? secret(token) : token));
  if (tokens.length === 0 || tokens.some((token) => !/^\S+$/.test(token.reveal())))
    throw new Error('health: details.bearer is empty or has white space; give a token, or details: "nobody"');
  return bearerTokens(tokens);
}
