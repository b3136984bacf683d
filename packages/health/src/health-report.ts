import type { CheckResult } from './check-runner.ts';
import { type Finding, type HealthStatus, worst } from './checks/health-check.ts';

export type Probe = 'livez' | 'readyz';

/** What an orchestrator asks: may this process go on, may it get traffic? Only its status code decides. */
export interface Verdict {
  readonly isPassing: boolean;
  /** In the words of Kubernetes: `[+]employment ok`, `[-]redis failed: connect ECONNREFUSED`. */
  readonly text: string;
}

/** A body of `application/health+json`: draft-inadarei-api-health-check. */
export interface HealthReport {
  readonly status: HealthStatus;
  readonly serviceId?: string;
  readonly version?: string;
  readonly description?: string;
  readonly checks: Readonly<Record<string, readonly CheckDetail[]>>;
}

export interface CheckDetail extends Omit<Finding, 'measurement'> {
  readonly componentType: string;
  readonly time?: string;
}

export type ServiceDescription = Pick<HealthReport, 'serviceId' | 'version' | 'description'>;

export function verdict(probe: Probe, results: readonly CheckResult[], excluded: ReadonlySet<string>): Verdict {
  const asked = results.filter((result) => decides(probe, result));
  const failing = asked.filter((result) => !excluded.has(result.name) && statusOf(result) === 'fail');
  const unknown = [...excluded].filter((name) => !asked.some((result) => result.name === name));
  const lines = [
    ...asked.map((result) => line(result, excluded.has(result.name))),
    ...unknown.map((name) => `warn: nothing to exclude is named ${JSON.stringify(name)}`),
    failing.length === 0 ? `${probe} check passed` : `${probe} check failed`,
  ];
  return { isPassing: failing.length === 0, text: `${lines.join('\n')}\n` };
}

export function healthReport(
  service: ServiceDescription,
  results: readonly CheckResult[],
  excluded: ReadonlySet<string>,
): HealthReport {
  const asked = results.filter(({ name }) => !excluded.has(name));
  return {
    status: worst(asked.map(statusForAll)),
    ...service,
    checks: Object.fromEntries(asked.flatMap(details)),
  };
}

function decides(probe: Probe, { affects }: CheckResult): boolean {
  return affects === 'liveness' || (probe === 'readyz' && affects === 'readiness');
}

function statusOf({ findings }: CheckResult): HealthStatus {
  return worst(findings.map(({ status }) => status));
}

/** What affects no probe must not make the service as a whole fail either. */
function statusForAll(result: CheckResult): HealthStatus {
  const status = statusOf(result);
  return result.affects === 'nothing' && status === 'fail' ? 'warn' : status;
}

function line(result: CheckResult, isExcluded: boolean): string {
  if (isExcluded) return `[+]${result.name} excluded: ok`;
  const status = statusOf(result);
  if (status === 'pass') return `[+]${result.name} ok`;
  const reasons = result.findings
    .filter((finding) => finding.status === status)
    .map(({ measurement, output }) => output ?? measurement);
  return `${status === 'fail' ? '[-]' : '[+]'}${result.name} ${status === 'fail' ? 'failed' : 'warns'}: ${reasons.join('; ')}`;
}

function details({
  name,
  componentType,
  atMs,
  findings,
}: CheckResult): readonly (readonly [string, readonly CheckDetail[]])[] {
  const time = atMs === undefined ? {} : { time: new Date(atMs).toISOString() };
  const byMeasurement = Map.groupBy(findings, ({ measurement }) => measurement);
  return [...byMeasurement].map(([measurement, group]) => [
    `${name}:${measurement}`,
    group.map((finding) => detail(finding, { componentType, ...time })),
  ]);
}

function detail(
  { measurement: _measurement, ...finding }: Finding,
  about: Pick<CheckDetail, 'componentType' | 'time'>,
): CheckDetail {
  return { ...about, ...finding };
}
