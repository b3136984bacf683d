/** A sum Σ Z²/root of squares of independent standard normals, which many rank statistics tend to. */
export interface QuadraticForm {
  /** Strictly increasing in k = 1, 2, ... */
  readonly root: (k: number) => number;
  /** |Π (1 - u / root k)| between the roots. */
  readonly determinant: (u: number) => number;
  /** Below it the tail is 1 to four digits, and its series alternates for long. */
  readonly surelyBelow: number;
}

/** ω² of Cramér and von Mises: roots k²π². */
export const cramerVonMisesForm: QuadraticForm = {
  root: (k) => (k * Math.PI) ** 2,
  determinant: (u) => Math.abs(Math.sin(Math.sqrt(u)) / Math.sqrt(u)),
  surelyBelow: 0.008,
};

/** A² of Anderson and Darling: roots k(k + 1). */
export const andersonDarlingForm: QuadraticForm = {
  root: (k) => k * (k + 1),
  determinant: (u) => Math.abs(Math.cos((Math.PI / 2) * Math.sqrt(1 + 4 * u)) / (Math.PI * u)),
  surelyBelow: 0.08,
};

const NODES = 32;
const MOST_TERMS = 60;

/**
 * P(the sum > x) by Smirnov's formula: (1/π) Σ (-1)^(j+1) ∫ e^(-xu/2) / (u √|D(u)|) du from root 2j-1 to root 2j. The
 * first term rules far out, so a probability of 1e-12 keeps its digits. Both ends of the integral are singular as
 * 1/√, which Gauss and Chebyshev's nodes take exactly.
 */
export function tailOf({ root, determinant, surelyBelow }: QuadraticForm, x: number): number {
  if (x < surelyBelow) return 1;
  let sum = 0;
  for (let j = 1; j <= MOST_TERMS; j++) {
    const [start, end] = [root(2 * j - 1), root(2 * j)];
    const half = (end - start) / 2;
    let integral = 0;
    for (let node = 0; node < NODES; node++) {
      const angle = ((node + 0.5) * Math.PI) / NODES;
      const u = start + half * (1 + Math.cos(angle));
      integral += (half * Math.sin(angle) * Math.exp((-x * u) / 2)) / (u * Math.sqrt(determinant(u)));
    }
    const term = integral / NODES;
    sum += j % 2 === 1 ? term : -term;
    if (term <= sum * Number.EPSILON) break;
  }
  return Math.min(1, Math.max(0, sum));
}
