import {
  BucketEdges,
  type FeatureReference,
  featureEdges,
  type NumericReference,
  NumericReferenceCounter,
  referenceEdges,
  type EdgePlan,
} from '@driftline/sketches';
import type { CurrentCounts } from '../../packages/collector-processor/src/evaluate/drift/decision/feature-counts.ts';
import { dirichlet, multinomial, type Random } from './random.ts';

/** A feature whose windows can be drawn as bucket counts, which is far faster than row by row and just as exact. */
export interface SimulatedFeature {
  /** A fresh reference of so many rows with a value; missing ones come on top. */
  draw(random: Random, rows: number): DrawnReference;
}

export interface DrawnReference<Reference extends FeatureReference = FeatureReference> {
  readonly reference: Reference;
  /** A window of so many rows with a value. */
  readonly window: (random: Random, rows: number) => CurrentCounts;
}

export interface ContinuousReference extends DrawnReference<NumericReference> {
  /** Bucket counts of a window after a change. */
  readonly counts: (random: Random, rows: number, change?: Change) => Float64Array;
}

/** Where the rows go that the reference has below its quantile u; the identity while nothing changes. */
export type Change = (u: number) => number;

export const unchanged: Change = (u) => u;

/**
 * Any continuous feature. Its edges are order statistics of the reference, so what lies between them does not depend on
 * the distribution: the shares are Dirichlet, with the gaps between ranks as shapes.
 */
export function continuous({
  missing = 0,
  plan = { ...featureEdges, linear: 0 },
}: {
  readonly missing?: number;
  readonly plan?: EdgePlan;
} = {}): { draw(random: Random, rows: number): ContinuousReference } {
  const ranked = new Map<number, Ranked>();
  return {
    draw(random, rows) {
      const { reference, gaps } = rankedReference(ranked, rows, plan);
      const unmoved = dirichlet(random, gaps);
      const masses = new Map<Change, Float64Array>([[unchanged, unmoved]]);
      const counts = (random: Random, rows: number, change = unchanged) =>
        multinomial(
          random,
          rows,
          memo(masses, change, () => changed(unmoved, change)),
        );
      return {
        reference: { ...reference, missing: missingBefore(random, rows, missing) },
        counts,
        window: (random, rows) => ({
          kind: 'numeric',
          counts: counts(random, rows),
          missing: missingBefore(random, rows, missing),
        }),
      };
    },
  };
}

/** A share of rows at zero, the others continuous and above it. */
export function zeroInflated(zeroShare: number): SimulatedFeature {
  const known = new Map<number, NumericReference>();
  return {
    draw(random, rows) {
      const zeros = random.binomial(rows, zeroShare);
      const values = () => Float64Array.from({ length: rows }, (_, i) => Math.max(0, i + 1 - zeros));
      const reference = memo(known, zeros, () => referenceOf(values()));
      const gaps = gapsBetween(reference.edges, rows - zeros);
      const positive = dirichlet(random, gaps);
      const zeroBucket = reference.edges.indexOf(0);
      const masses = positive.map((mass, i) => (i === zeroBucket ? zeroShare : mass * (1 - zeroShare)));
      return { reference, window: (random, rows) => numericWindow(random, rows, 0, masses) };
    },
  };
}

/** Whole numbers 0, 1, 2, ... with these shares: discrete, each value a bucket of its own. */
export function discrete(shares: readonly number[], missing = 0): SimulatedFeature {
  return {
    draw(random, rows) {
      const counts = multinomial(random, rows, shares);
      const values = new Float64Array(rows);
      let filled = 0;
      for (const [value, count] of counts.entries()) values.fill(value, filled, (filled += count));
      const reference = referenceOf(values, rows + missingBefore(random, rows, missing));
      const edges = BucketEdges.of(reference.edges);
      const masses = new Float64Array(reference.edges.length + 1);
      for (const [value, share] of shares.entries()) {
        const bucket = edges.bucketOf(value);
        masses[bucket] = (masses[bucket] ?? 0) + share;
      }
      return { reference, window: (random, rows) => numericWindow(random, rows, missing, masses) };
    },
  };
}

interface CategoricalShares {
  readonly missing?: number;
  /** In windows; of the reference where nothing changes. */
  readonly now?: readonly number[];
  /** So many categories, from the first on, are in an order. */
  readonly inOrder?: number;
}

export function categorical(
  shares: readonly number[],
  { missing = 0, now = shares, inOrder = 0 }: CategoricalShares = {},
): SimulatedFeature {
  const names = Array.from({ length: Math.max(shares.length, now.length) }, (_, i) => `category ${i}`);
  const named = (counts: ArrayLike<number>) => names.map((name, i) => [name, counts[i] ?? 0] as const);
  return {
    draw(random, rows) {
      const counts = multinomial(random, rows, shares);
      const seen = named(counts).filter(([, count]) => count > 0);
      return {
        reference: {
          kind: 'categorical',
          categories: Object.fromEntries(seen),
          ...(inOrder > 0 && { order: names.slice(0, inOrder) }),
          missing: missingBefore(random, rows, missing),
        },
        window(random, rows) {
          const categories = named(multinomial(random, rows, now)).filter(([, count]) => count > 0);
          return {
            kind: 'categorical',
            categories: new Map(categories),
            missing: missingBefore(random, rows, missing),
          };
        },
      };
    },
  };
}

/** A profile's reference, made by the product from values. */
export function referenceOf(values: Float64Array, rows = values.length, plan?: EdgePlan): NumericReference {
  const counter = new NumericReferenceCounter(referenceEdges(values, undefined, plan));
  for (const value of values) counter.record(value);
  return counter.reference(rows);
}

/** Shares of Zipf's law with this exponent. */
export function zipf(categories: number, exponent: number): number[] {
  const weights = Array.from({ length: categories }, (_, rank) => (rank + 1) ** -exponent);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

export function poissonShares(mean: number): number[] {
  const shares = [Math.exp(-mean)];
  for (let k = 1; k < mean + 12 * Math.sqrt(mean) + 12; k++) shares.push(((shares[k - 1] ?? 0) * mean) / k);
  return shares;
}

/** The twenty features of the tables; the missing shares go round. */
export function mixedFeatures(): readonly SimulatedFeature[] {
  const missing = [0, 0.002, 0.01, 0.05];
  return [
    ...Array.from({ length: 10 }, (_, i) => continuous({ missing: missing[i % missing.length] ?? 0 })),
    zeroInflated(0.6),
    zeroInflated(0.6),
    discrete(poissonShares(2), 0.01),
    discrete(poissonShares(20), 0.01),
    ...Array.from({ length: 3 }, () => categorical([0.4, 0.25, 0.15, 0.15, 0.05], { missing: 0.01 })),
    ...Array.from({ length: 2 }, () => categorical(zipf(50, 1), { missing: 0.01 })),
    categorical([0.7, 0.3], { missing: 0.01 }),
  ];
}

/** How many rows without a value come before so many with one. */
function missingBefore(random: Random, rows: number, missing: number): number {
  let absent = 0;
  for (let wanted = rows; wanted > 0; ) {
    wanted = random.binomial(wanted, missing);
    absent += wanted;
  }
  return absent;
}

interface Ranked {
  readonly reference: NumericReference;
  readonly gaps: readonly number[];
}

/** The reference of a sample that is known by its ranks alone: 1, 2, 3, ... */
function rankedReference(known: Map<number, Ranked>, rows: number, plan: EdgePlan): Ranked {
  return memo(known, rows, () => {
    const reference = referenceOf(
      Float64Array.from({ length: rows }, (_, i) => i + 1),
      rows,
      plan,
    );
    return { reference, gaps: gapsBetween(reference.edges, rows) };
  });
}

/** Between edges at ranks: an edge just below a value lies where the value does, as no other value can be there. */
export function gapsBetween(edges: readonly number[], ranks: number): number[] {
  const positions = [0, ...edges.map((edge) => Math.max(0, Math.round(edge))), ranks + 1];
  return positions.slice(1).map((position, i) => position - (positions[i] ?? 0));
}

function changed(masses: Float64Array, change: Change): Float64Array {
  let below = 0;
  let movedBelow = change(0);
  return masses.map((mass, i) => {
    below += mass;
    const moved = i === masses.length - 1 ? 1 : change(Math.min(1, below));
    const share = Math.max(0, moved - movedBelow);
    movedBelow = moved;
    return share;
  });
}

function numericWindow(random: Random, rows: number, missing: number, masses: Float64Array): CurrentCounts {
  return { kind: 'numeric', counts: multinomial(random, rows, masses), missing: missingBefore(random, rows, missing) };
}

function memo<Key, Value>(known: Map<Key, Value>, key: Key, make: () => Value): Value {
  const found = known.get(key) ?? make();
  known.set(key, found);
  return found;
}
