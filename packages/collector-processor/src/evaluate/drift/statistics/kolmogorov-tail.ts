const MOST_TERMS = 100;

/** P(sup |bridge| > x), 2 Σ (-1)^(j-1) e^(-2j²x²): what √n·KS tends to. */
export function kolmogorovTail(x: number): number {
  // 1 to eleven digits, and the series alternates for long.
  if (x < 0.25) return 1;
  return clamped(alternating(x));
}

/** P(range of the bridge > x), 2 Σ (4j²x² - 1) e^(-2j²x²): what √n·V of Kuiper tends to. */
export function kuiperTail(x: number): number {
  if (x < 0.4) return 1;
  let sum = 0;
  for (let j = 1; j <= MOST_TERMS; j++) {
    const square = (j * x) ** 2;
    const term = 2 * (4 * square - 1) * Math.exp(-2 * square);
    sum += term;
    // The first terms of a small x are below 0.
    if (square > 1 && term <= sum * Number.EPSILON) break;
  }
  return clamped(sum);
}

function alternating(x: number): number {
  let sum = 0;
  for (let j = 1; j <= MOST_TERMS; j++) {
    const term = 2 * Math.exp(-2 * (j * x) ** 2);
    sum += j % 2 === 1 ? term : -term;
    if (term <= sum * Number.EPSILON) break;
  }
  return sum;
}

function clamped(p: number): number {
  return Math.min(1, Math.max(0, p));
}
