import type { CheckResult } from './check-runner.ts';
import { type Affects, type Finding, type HealthStatus, reasonsIn, statusOf, worst } from './checks/health-check.ts';

export type Probe = 'startupz' | 'livez' | 'readyz';

/** What an orchestrator asks: is it up, may it go on, may it get traffic? Only the status code decides. */
export interface Verdict {
  readonly isPassing: boolean;
  /** In the words of Kubernetes: `[+]employment ok`, `[-]redis failed: connect ECONNREFUSED`. */
  readonly text: string;
}

export interface Question {
  /** By `?exclude=`. */
  readonly excluded: ReadonlySet<string>;
  /** Whether who asks may know more than names and statuses. */
  readonly isDetailed: boolean;
  /** Liveness does not fail before. */
  readonly isStarting: boolean;
}

/** A body of `application/health+json`: draft-inadarei-api-health-check. */
export interface HealthReport {
  readonly status: HealthStatus;
  readonly serviceId?: string;
  readonly version?: string;
  readonly description?: string;
  readonly checks: Readonly<Record<string, readonly CheckDetail[]>>;
}

/** Without details the status alone, under the check's name. */
export interface CheckDetail extends Omit<Finding, 'measurement'> {
  readonly componentType?: string;
  readonly time?: string;
}

export type ServiceDescription = Pick<HealthReport, 'serviceId' | 'version' | 'description'>;

export function verdict(probe: Probe, results: readonly CheckResult[], question: Question): Verdict {
  const { excluded, isDetailed } = question;
  const asked = results.filter(({ affects }) => decidedBy[probe].has(affects));
  const isPassing = asked.every((result) => excluded.has(result.name) || !fails(probe, result, question));
  const unknown = [...excluded].filter((name) => !asked.some((result) => result.name === name));
  const lines = [
    ...asked.map((result) => line(probe, result, question)),
    ...(isDetailed ? unknown : []).map((name) => `warn: nothing to exclude is named ${JSON.stringify(name)}`),
    `${probe} check ${isPassing ? 'passed' : 'failed'}`,
  ];
  return { isPassing, text: `${lines.join('\n')}\n` };
}

export function healthReport(
  service: ServiceDescription,
  results: readonly CheckResult[],
  { excluded, isDetailed }: Pick<Question, 'excluded' | 'isDetailed'>,
): HealthReport {
  const asked = results.filter(({ name }) => !excluded.has(name));
  const status = overall(asked);
  return isDetailed
    ? { status, ...service, checks: Object.fromEntries(asked.flatMap(details)) }
    : { status, checks: Object.fromEntries(asked.map((result) => [result.name, [{ status: statusOf(result) }]])) };
}

/** What affects no probe must not make the service as a whole fail either. */
export function overall(results: readonly CheckResult[]): HealthStatus {
  return worst(
    results.map((result) => {
      const status = statusOf(result);
      return result.affects === 'nothing' && status === 'fail' ? 'warn' : status;
    }),
  );
}

/** Before, what has not passed yet need not be broken. */
export function isStarted(results: readonly CheckResult[]): boolean {
  return results.every(({ affects, hasPassed }) => hasPassed || !decidedBy.startupz.has(affects));
}

const decidedBy: Readonly<Record<Probe, ReadonlySet<Affects>>> = {
  startupz: new Set(['startup', 'liveness']),
  livez: new Set(['liveness']),
  readyz: new Set(['startup', 'liveness', 'readiness']),
};

function fails(probe: Probe, result: CheckResult, { isStarting }: Question): boolean {
  const isExcused = (probe === 'startupz' && result.hasPassed) || (probe === 'livez' && isStarting);
  return statusOf(result) === 'fail' && !isExcused;
}

function line(probe: Probe, result: CheckResult, question: Question): string {
  const { name, findings } = result;
  if (question.excluded.has(name)) return `[+]${name} excluded: ok`;
  const status = statusOf(result);
  if (status === 'pass') return `[+]${name} ok`;
  const sign = fails(probe, result, question) ? '[-]' : '[+]';
  const reasons = question.isDetailed ? reasonsIn(findings, status).join('; ') : 'reason withheld';
  return `${sign}${name} ${status === 'fail' ? 'failed' : 'warns'}: ${reasons}`;
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
