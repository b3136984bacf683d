export type { CheckResult, HealthChange, HealthChecks, OnChange } from './check-runner.ts';
export { dataQualityCheck } from './checks/data-quality.ts';
export { dependencyCheck } from './checks/dependency.ts';
export { gpuCheck } from './checks/gpu.ts';
export {
  type Affects,
  type CheckOptions,
  defineHealthCheck,
  type Finding,
  type HealthCheck,
  type HealthCheckKind,
  type HealthStatus,
  type ModelName,
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
export { type Drain, drainOnSignal, type DrainOptions, type DrainStep, prepareDrain } from './io/drain.ts';
export { type AskQuality, driftService, type ModelQuality } from './io/drift-service.ts';
export { fastifyPlugin, nodeHandler } from './io/node-http.ts';
export { type GpuReading, nvidiaSmi, type ReadGpus } from './io/nvidia-smi.ts';
export { http, type Reach, sql, tcp } from './io/reach.ts';
export { redis } from './io/redis.ts';
export { type Secret, secret } from './secret.ts';
