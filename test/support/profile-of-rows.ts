import {
  CoMoments,
  NumericReferenceCounter,
  type ReferenceProfile,
  referenceEdges,
  withProfileId,
} from '@driftline/sketches';

type Row = Readonly<Record<string, number>>;

/** A real profile of these rows, their features numeric, with or without how they vary together; pairs as if normal. */
export function profileOfRows(rows: readonly Row[], { together = true } = {}): ReferenceProfile {
  const names = Object.keys(rows[0] ?? {});
  const features = Object.fromEntries(
    names.map((name) => {
      const values = rows.map((row) => row[name] ?? Number.NaN);
      const counter = new NumericReferenceCounter(referenceEdges(values));
      for (const value of values) counter.record(value);
      return [name, counter.reference(values.length)];
    }),
  );
  const moments = new CoMoments(names.map((name) => ({ name, mean: features[name]!.mean, sd: features[name]!.sd })));
  for (const row of rows) moments.record(names.map((name) => row[name] ?? Number.NaN));
  const { count, means, sums } = moments;
  const pairs = (names.length * (names.length - 1)) / 2;
  const shape = {
    variances: Array.from({ length: pairs }, () => 1),
    skewness: names.map(() => 0),
    kurtosis: names.map(() => 3),
  };
  return withProfileId({
    format: 'driftline.profile/1',
    model: { name: 'm', version: '1' },
    rows: rows.length,
    features,
    outputs: {},
    ...(together && { coMoments: { features: names, count, means: [...means], sums: [...sums], ...shape } }),
  });
}
