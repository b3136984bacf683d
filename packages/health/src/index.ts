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
export { modelHealthTestCheck } from './checks/model-health-test.ts';
export { systemCheck } from './checks/system.ts';
export { type Clock, systemClock } from './clock.ts';
export { createHealth, type Health, type HealthOptions } from './health.ts';
export type { CheckDetail, HealthReport, ServiceDescription } from './health-report.ts';
export {
  type Drain,
  drainDefaults,
  drainOnSignal,
  type DrainOptions,
  type DrainStep,
  prepareDrain,
} from './io/drain.ts';
export { type AskQuality, driftService, type ModelQuality } from './io/drift-service.ts';
export { fastifyPlugin, nodeHandler } from './io/node-http.ts';
export { type GpuReading, nvidiaSmi, type ReadGpus } from './io/nvidia-smi.ts';
export { http, type Reach, sql, tcp } from './io/reach.ts';
export { redis } from './io/redis.ts';
export { type Secret, secret } from './secret.ts';
export { type Baseline, baselineText, parseBaseline, updatedBaseline } from './model-tests/run/baseline.ts';
export { thisMachine } from './io/this-machine.ts';
export { latencyTest, type LatencyTestSettings } from './model-tests/latency.ts';
export { memoryTest, type MemoryTestSettings } from './model-tests/memory.ts';
export type { MetricName } from './model-tests/metrics/index.ts';
export type { ModelHealthReport, ModelTestResult } from './model-tests/run/model-health-report.ts';
export {
  defineModelHealthTest,
  defineModelTest,
  type Measured,
  type ModelHealthTest,
  type ModelHealthTestSettings,
  type ModelTest,
  type ModelTestKind,
  type Predict,
  type TestFinding,
  type TestOutcome,
  type TestRun,
  type Verdict,
} from './model-tests/model-health-test.ts';
export { modelTests } from './model-tests/index.ts';
export { performanceTest, type PerformanceTestSettings } from './model-tests/performance.ts';
export { predictionTest, type PredictionTestSettings } from './model-tests/prediction.ts';
export { badgeSvg, shieldsEndpoint } from './model-tests/reports/badge.ts';
export { junitXml } from './model-tests/reports/junit.ts';
export { summary } from './model-tests/reports/summary.ts';
export { runModelHealthTest, type RunOptions } from './model-tests/run/run-model-health-test.ts';
export { startupTest, type StartupTestSettings } from './model-tests/startup.ts';
export type { TestMachine } from './model-tests/test-machine.ts';
