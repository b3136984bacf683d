import gammaFactory from '@stdlib/random-base-gamma';
import normalFactory from '@stdlib/random-base-improved-ziggurat';
import mersenneTwister from '@stdlib/random-base-mt19937';
import { binomialCount } from './binomial.ts';

/** Draws of one seeded stream, with what the simulations need on top of it. */
export interface Random {
  /** Uniform on [0, 1). */
  readonly uniform: () => number;
  readonly normal: () => number;
  readonly gamma: (shape: number) => number;
  readonly binomial: (trials: number, share: number) => number;
}

export function seeded(seed: number): Random {
  const integer = mersenneTwister.factory({ seed });
  const uniform = () => ((integer() >>> 5) * 2 ** 26 + (integer() >>> 6)) / 2 ** 53;
  const normal = normalFactory.factory({ prng: uniform });
  const gamma = gammaFactory.factory({ prng: uniform });
  return {
    uniform,
    normal,
    gamma: (shape) => (shape > 0 ? gamma(shape, 1) : 0),
    binomial: (trials, share) => binomialCount(uniform, trials, share),
  };
}

/** How many of `rows` fall into each bucket, the buckets holding these masses, which need not sum to 1. */
export function multinomial(random: Random, rows: number, masses: ArrayLike<number>): Float64Array {
  const counts = new Float64Array(masses.length);
  let last = masses.length - 1;
  while (last > 0 && !((masses[last] ?? 0) > 0)) last--;
  let leftMass = 0;
  for (let i = 0; i <= last; i++) leftMass += masses[i] ?? 0;
  let leftRows = rows;
  for (let i = 0; i < last && leftRows > 0; i++) {
    const mass = masses[i] ?? 0;
    const count = random.binomial(leftRows, mass / leftMass);
    counts[i] = count;
    leftRows -= count;
    leftMass -= mass;
  }
  counts[last] = leftRows;
  return counts;
}

/** Shares of 1: those that the gaps between order statistics of a sample take, for shapes that are gaps between ranks. */
export function dirichlet(random: Random, shapes: ArrayLike<number>): Float64Array {
  const shares = Float64Array.from(shapes, (shape) => random.gamma(shape));
  const total = shares.reduce((sum, share) => sum + share, 0);
  for (let i = 0; i < shares.length; i++) shares[i] = (shares[i] ?? 0) / total;
  return shares;
}
