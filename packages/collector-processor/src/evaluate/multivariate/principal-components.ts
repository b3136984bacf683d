import type { CoMomentReference, CoMoments } from '@driftline/sketches';
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

/** Components stand for at least so much of the variance; what they leave out is where rows stop following the reference. */
const EXPLAINED_VARIANCE = 0.7;

/**
 * The principal components of a reference: of its standardised features, so that each counts alike. Deterministic: the
 * same co-moments give the same subspace wherever they are computed.
 */
export class PrincipalComponents {
  readonly #means: Float64Array;
  /** Projects a deviation onto what the first components leave out. */
  readonly #residual: Matrix;
  readonly components: number;

  /** Undefined where nothing is left to reconstruct: fewer than two features vary. */
  static of(moments: CoMoments, components?: number): PrincipalComponents | undefined {
    const { values, vectors } = eigen(covariance(moments));
    const total = values.reduce((sum, value) => sum + value, 0);
    if (!(total > 0)) return undefined;
    const count = components ?? componentsFor(values, total);
    return count < 1 || count >= values.length ? undefined : new PrincipalComponents(moments.means, vectors, count);
  }

  private constructor(means: Float64Array, vectors: Matrix, components: number) {
    this.#means = means;
    this.components = components;
    const kept = vectors.subMatrix(0, vectors.rows - 1, 0, components - 1);
    this.#residual = Matrix.eye(vectors.rows, vectors.rows).sub(kept.mmul(kept.transpose()));
  }

  /** Mean squared distance of the rows behind these moments from the reference's components. */
  error(moments: CoMoments): number {
    const shift = Matrix.columnVector(Array.from(moments.means, (mean, i) => mean - (this.#means[i] ?? 0)));
    const second = covariance(moments).add(shift.mmul(shift.transpose()));
    return Math.max(0, this.#residual.mmul(second).trace());
  }

  /** Of one standardised row. */
  squaredDistance(row: ArrayLike<number>): number {
    const deviation = Matrix.columnVector(Array.from(row, (value, i) => value - (this.#means[i] ?? 0)));
    return Math.max(0, deviation.transpose().mmul(this.#residual).mmul(deviation).get(0, 0));
  }
}

/** What a profile keeps of its components: enough to find them again, and how far single rows are from them. */
export function reconstructionOf(
  moments: CoMoments,
  sample: readonly ArrayLike<number>[],
): CoMomentReference['reconstruction'] {
  const principal = PrincipalComponents.of(moments);
  if (principal === undefined || sample.length < 2) return undefined;
  const distances = sample.map((row) => principal.squaredDistance(row));
  const mean = distances.reduce((sum, distance) => sum + distance, 0) / distances.length;
  const squares = distances.reduce((sum, distance) => sum + (distance - mean) ** 2, 0);
  return {
    components: principal.components,
    error: principal.error(moments),
    sd: Math.sqrt(squares / (distances.length - 1)),
  };
}

function covariance({ features, sums, count }: CoMoments): Matrix {
  const matrix = Matrix.zeros(features.length, features.length);
  for (let row = 0, k = 0; row < features.length; row++) {
    for (let column = 0; column <= row; column++, k++) {
      const value = (sums[k] ?? 0) / Math.max(1, count);
      matrix.set(row, column, value).set(column, row, value);
    }
  }
  return matrix;
}

/** The largest first. */
function eigen(symmetric: Matrix): { readonly values: readonly number[]; readonly vectors: Matrix } {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(symmetric, { assumeSymmetric: true });
  const order = realEigenvalues
    .map((_, i) => i)
    .toSorted((a, b) => (realEigenvalues[b] ?? 0) - (realEigenvalues[a] ?? 0));
  return {
    values: order.map((i) => Math.max(0, realEigenvalues[i] ?? 0)),
    vectors: eigenvectorMatrix.subMatrixColumn(order),
  };
}

function componentsFor(values: readonly number[], total: number): number {
  let explained = 0;
  const enough = values.findIndex((value) => (explained += value) >= EXPLAINED_VARIANCE * total);
  return enough + 1;
}
