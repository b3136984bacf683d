import { type Context, Hono } from 'hono';
import type { CheckResult } from './check-runner.ts';
import { statusOf } from './checks/health-check.ts';
import { healthReport, type Probe, type Question, type ServiceDescription, verdict } from './health-report.ts';

/** What the endpoint answers from; all of it is already known, so no answer waits for a check. */
export interface KnownHealth {
  readonly service: ServiceDescription;
  results(): readonly CheckResult[];
  isStarting(): boolean;
  isDraining(): boolean;
}

/** From an Authorization header to whether its sender may know more than names and statuses. */
export type MaySeeDetails = (authorization: string | undefined) => boolean;

const probes: readonly Probe[] = ['startupz', 'livez', 'readyz'];

/** In the manner of Kubernetes, as health+json, and by the Open Inference Protocol. */
export function healthRoutes(known: KnownHealth, maySeeDetails: MaySeeDetails): Hono {
  const routes = new Hono();
  const question = (c: Context): Question => ({
    excluded: excluded(c),
    isDetailed: maySeeDetails(c.req.header('authorization')),
    isStarting: known.isStarting(),
  });

  for (const probe of probes) {
    routes.get(`/${probe}`, (c) => answer(c, verdict(probe, known.results(), question(c))));
    routes.get(`/${probe}/:check`, (c) => {
      const named = known.results().filter(({ name }) => name === c.req.param('check'));
      if (named.length === 0) return c.notFound();
      return answer(c, verdict(probe, named.map(deciding), { ...question(c), isStarting: false }));
    });
  }

  routes.get('/health', (c) => {
    const report = healthReport(known.service, known.results(), question(c));
    return c.body(JSON.stringify(report), report.status === 'fail' ? 503 : 200, {
      'content-type': 'application/health+json',
      ...uncached,
    });
  });

  const everything = { excluded: new Set<string>(), isDetailed: false };
  routes.get('/v2/health/live', (c) => {
    const { isPassing } = verdict('livez', known.results(), { ...everything, isStarting: known.isStarting() });
    return c.json({ live: isPassing }, isPassing ? 200 : 503, uncached);
  });
  routes.get('/v2/health/ready', (c) => {
    const { isPassing } = verdict('readyz', known.results(), { ...everything, isStarting: false });
    return c.json({ ready: isPassing }, isPassing ? 200 : 503, uncached);
  });
  const modelReady = (c: Context, name: string, version?: string) => {
    const checks = known
      .results()
      .filter(({ model }) => model?.name === name && (version === undefined || model.version === version));
    if (checks.length === 0) return c.json({ error: 'no health check is about such a model' }, 404, uncached);
    const ready = !known.isDraining() && checks.every((check) => statusOf(check) !== 'fail');
    return c.json({ name, ready }, ready ? 200 : 503, uncached);
  };
  routes.get('/v2/models/:name/ready', (c) => modelReady(c, c.req.param('name')));
  routes.get('/v2/models/:name/versions/:version/ready', (c) =>
    modelReady(c, c.req.param('name'), c.req.param('version')),
  );
  return routes;
}

const uncached = { 'cache-control': 'no-store' } as const;

function answer(c: Context, { isPassing, text }: ReturnType<typeof verdict>): Response {
  const isVerbose = c.req.query('verbose') !== undefined;
  return c.text(isPassing && !isVerbose ? 'ok' : text, isPassing ? 200 : 503, uncached);
}

/** Asked for by name, a check decides whatever it affects otherwise. */
function deciding(result: CheckResult): CheckResult {
  return { ...result, affects: 'liveness' };
}

/** `?exclude=a&exclude=b`, as Kubernetes has it, or `?exclude=a,b`. */
function excluded(c: Context): ReadonlySet<string> {
  const names = c.req.queries('exclude') ?? [];
  return new Set(names.flatMap((name) => name.split(',')).filter((name) => name !== ''));
}
