import { type Context, Hono } from 'hono';
import type { CheckResult } from './check-runner.ts';
import { healthReport, type Probe, type ServiceDescription, verdict } from './health-report.ts';

const probes: readonly Probe[] = ['livez', 'readyz'];

/** The endpoint. Each answer is made of what is already known, so none of them waits for a check. */
export function healthRoutes(service: ServiceDescription, results: () => readonly CheckResult[]): Hono {
  const routes = new Hono();
  for (const probe of probes) {
    routes.get(`/${probe}`, (c) => answer(c, probe, results()));
    routes.get(`/${probe}/:check`, (c) => {
      const named = results().filter(({ name }) => name === c.req.param('check'));
      return named.length === 0 ? c.notFound() : answer(c, probe, named.map(deciding));
    });
  }
  routes.get('/health', (c) => {
    const report = healthReport(service, results(), excluded(c));
    return c.body(JSON.stringify(report), report.status === 'fail' ? 503 : 200, {
      'content-type': 'application/health+json',
      'cache-control': 'no-store',
    });
  });
  return routes;
}

function answer(c: Context, probe: Probe, results: readonly CheckResult[]): Response {
  const { isPassing, text } = verdict(probe, results, excluded(c));
  const isVerbose = c.req.query('verbose') !== undefined;
  return c.text(isPassing && !isVerbose ? 'ok' : text, isPassing ? 200 : 503, { 'cache-control': 'no-store' });
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
