import { LARGEST_CORRELATION } from '../evaluate/multivariate/fisher-z.ts';

/** How a correlation scatters over samples of such rows. */
export interface CorrelationShape {
  /** Of √n·atanh(r). */
  readonly variance: number;
  /** Of atanh(r), times √n. */
  readonly skewness: number;
}

/**
 * From rows of a pair with means of 0 and variances of 1, whose correlation is `r`: the cumulants of a smooth function of
 * means to the first order in which they do not vanish (Hall, "The Bootstrap and Edgeworth Expansion" (1992), 2.3 and 2.4).
 * With s what a row adds to atanh(r), the variance is E[s²]; the third cumulant E[s³] and six times what atanh(r) has beyond its tangent,
 * taken at the covariances of s with the means that r is made of. For normal rows the two cancel, as Fisher meant them to;
 * for columns of two values they do not.
 */
export function correlationShape(u: Float64Array, v: Float64Array, r: number): CorrelationShape {
  const steepness = 1 / (1 - Math.min(Math.abs(r), LARGEST_CORRELATION) ** 2);
  let [squares, cubes] = [0, 0];
  let [ofU, ofV, ofProduct, ofSquareU, ofSquareV] = [0, 0, 0, 0, 0];
  for (let i = 0; i < u.length; i++) {
    const [x, y] = [u[i] ?? 0, v[i] ?? 0];
    const s = (x * y - (r * (x * x + y * y)) / 2) * steepness;
    squares += s * s;
    cubes += s * s * s;
    ofU += x * s;
    ofV += y * s;
    ofProduct += x * y * s;
    ofSquareU += x * x * s;
    ofSquareV += y * y * s;
  }
  const rows = u.length;
  const variance = squares / rows;
  if (!(variance > 0)) return { variance: 0, skewness: 0 };
  const [a, b, c, mu, mv] = [ofProduct / rows, ofSquareU / rows, ofSquareV / rows, ofU / rows, ofV / rows];
  const ofCorrelation =
    -mu * mv + (r * (mu * mu + mv * mv)) / 2 - (a * (b + c)) / 2 + r * ((3 * (b * b + c * c)) / 8 + (b * c) / 4);
  const bent = ofCorrelation * steepness + r * ((a - (r * (b + c)) / 2) * steepness) ** 2;
  return { variance, skewness: (cubes / rows + 6 * bent) / variance ** 1.5 };
}
