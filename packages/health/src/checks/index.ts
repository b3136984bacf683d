import { dataQualityCheck } from './data-quality.ts';
import { dependencyCheck } from './dependency.ts';
import { gpuCheck } from './gpu.ts';
import { modelHealthTestCheck } from './model-health-test.ts';
import { modelCheck } from './model.ts';
import { systemCheck } from './system.ts';

/** The registry: one line a kind of check. */
export const healthChecks = [
  modelCheck,
  modelHealthTestCheck,
  systemCheck,
  gpuCheck,
  dataQualityCheck,
  dependencyCheck,
] as const;
