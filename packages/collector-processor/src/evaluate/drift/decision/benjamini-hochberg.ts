/**
 * Benjamini and Hochberg, "Controlling the false discovery rate" (1995): p-values adjusted for being the smallest of
 * many, in the order given.
 */
export function adjustForMany(pValues: readonly number[]): number[] {
  const largestFirst = pValues.map((p, index) => ({ p, index })).toSorted((a, b) => b.p - a.p);
  const adjusted = Array.from<number>({ length: pValues.length });
  let smallestSoFar = 1;
  largestFirst.forEach(({ p, index }, position) => {
    const rank = pValues.length - position;
    // n·p / n may be less than p by a rounding.
    smallestSoFar = Math.min(smallestSoFar, Math.max(p, (p * pValues.length) / rank));
    adjusted[index] = smallestSoFar;
  });
  return adjusted;
}
