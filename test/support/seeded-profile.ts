import {
  categoricalReference,
  NumericReferenceCounter,
  type NumericReference,
  type ReferenceProfile,
  referenceEdges,
  withProfileId,
} from '@driftline/sketches';

export interface SeededProfileOptions {
  readonly model?: { readonly name: string; readonly version: string };
  /** Numeric features `x0`, `x1`, ..., standard normal. */
  readonly numericFeatures: number;
  /** Names and counts of the feature `colour`. */
  readonly colours?: Readonly<Record<string, number>>;
  readonly outputs?: readonly string[];
}

const ROWS = 2000;

/** A real profile, built as `profile build` does, of seeded data. */
export function seededProfile({
  model = { name: 'seeded', version: '1' },
  numericFeatures,
  colours,
  outputs = [],
}: SeededProfileOptions): ReferenceProfile {
  const random = seededRandom(7);
  const numeric = (): NumericReference => numericReference(Float64Array.from({ length: ROWS }, () => normal(random)));
  const features = Object.fromEntries(Array.from({ length: numericFeatures }, (_, i) => [`x${i}`, numeric()]));
  return withProfileId({
    format: 'driftline.profile/1',
    model,
    rows: ROWS,
    features:
      colours === undefined
        ? features
        : { ...features, colour: categoricalReference(new Map(Object.entries(colours)), ROWS) },
    outputs: Object.fromEntries(outputs.map((name) => [name, numeric()])),
  });
}

function numericReference(values: Float64Array): NumericReference {
  const counter = new NumericReferenceCounter(referenceEdges(values));
  for (const value of values) counter.record(value);
  return counter.reference(values.length);
}

/** mulberry32: uniform on [0, 1). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Box and Muller. */
export function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
