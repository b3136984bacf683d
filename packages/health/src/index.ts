export type { HealthChecks } from './check-runner.ts';
export { dataQualityCheck } from './checks/data-quality.ts';
export { dependencyCheck } from './checks/dependency.ts';
export {
  type Affects,
  defineHealthCheck,
  type Finding,
  type HealthCheck,
  type HealthCheckKind,
  type HealthStatus,
  type ReadContext,
  type Reader,
  type Schedule,
} from './checks/health-check.ts';
export { healthChecks } from './checks/index.ts';
export { modelCheck } from './checks/model.ts';
export { systemCheck } from './checks/system.ts';
export { type Clock, systemClock } from './clock.ts';
export { createHealth, type Health, type HealthOptions } from './health.ts';
export type { CheckDetail, HealthReport, ServiceDescription } from './health-report.ts';
export { type AskQuality, driftService, type ModelQuality } from './io/drift-service.ts';
export { http, type Reach, tcp } from './io/reach.ts';
