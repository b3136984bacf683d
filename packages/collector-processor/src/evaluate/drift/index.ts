import { andersonDarling } from './anderson-darling.ts';
import { chiSquared } from './chi-squared.ts';
import { cramerVonMises } from './cramer-von-mises.ts';
import { cramersV } from './cramers-v.ts';
import type { DriftMethod } from './drift-method.ts';
import { energyDistance } from './energy-distance.ts';
import { hellinger } from './hellinger.ts';
import { jensenShannon } from './jensen-shannon.ts';
import { kolmogorovSmirnov } from './kolmogorov-smirnov.ts';
import { kuiper } from './kuiper.ts';
import { kullbackLeibler } from './kullback-leibler.ts';
import { lInfinity } from './l-infinity.ts';
import { meanShift } from './mean-shift.ts';
import { proportionZ } from './proportion-z.ts';
import { psi } from './psi.ts';
import { slicedWasserstein } from './sliced-wasserstein.ts';
import { totalVariation } from './total-variation.ts';
import { varianceShift } from './variance-shift.ts';
import { wasserstein } from './wasserstein.ts';

/** Every drift method, in the order in which results and documents show them. */
export const driftMethods = [
  psi,
  jensenShannon,
  kolmogorovSmirnov,
  wasserstein,
  hellinger,
  chiSquared,
  cramersV,
  totalVariation,
  lInfinity,
  kullbackLeibler,
  proportionZ,
  cramerVonMises,
  andersonDarling,
  kuiper,
  energyDistance,
  meanShift,
  varianceShift,
  slicedWasserstein,
] as const satisfies readonly DriftMethod[];

export type DriftMethodName = (typeof driftMethods)[number]['name'];

export const driftMethodNames: readonly DriftMethodName[] = driftMethods.map(({ name }) => name);
