import type { DriftMethod } from './drift-method.ts';
import { hellinger } from './hellinger.ts';
import { jensenShannon } from './jensen-shannon.ts';
import { kolmogorovSmirnov } from './kolmogorov-smirnov.ts';
import { psi } from './psi.ts';
import { wasserstein } from './wasserstein.ts';

/** Every drift method that is reported beside the decision, in the order in which results show them. */
export const driftMethods = [
  psi,
  jensenShannon,
  kolmogorovSmirnov,
  wasserstein,
  hellinger,
] as const satisfies readonly DriftMethod[];
