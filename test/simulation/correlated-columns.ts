import { CoMoments, type CoMomentReference, standardised, type StandardisedFeature } from '@driftline/sketches';
import {
  type ComparedMoments,
  compareMoments,
} from '../../packages/collector-processor/src/evaluate/multivariate/compared-moments.ts';
import { CoMomentReferenceCounter } from '../../packages/collector-processor/src/reference/co-moment-reference.ts';
import type { Random } from './random.ts';

type Shape = (standardNormal: number, random: Random) => number;

/** What real columns look like, made from normals that may go together. */
export const shapes: Readonly<Record<string, Shape>> = {
  normal: (z) => z,
  lognormal: (z) => Math.exp(z),
  't with 3 degrees': (z, { normal }) => z / Math.sqrt((normal() ** 2 + normal() ** 2 + normal() ** 2) / 3),
  'zero-inflated, 60 %': (z) => (z < 0.2533 ? 0 : Math.exp(z)),
  'whole numbers': (z) => Math.max(0, Math.round(1 + z)),
  'two values, 50 %': (z) => (z > 0 ? 1 : 0),
  'two values, 30 %': (z) => (z > 0.5244 ? 1 : 0),
  'two values, 5 %': (z) => (z > 1.6449 ? 1 : 0),
};

export interface Columns {
  /** A name of `shapes`, or `mixed`: one after the other. */
  readonly shape: string;
  readonly features: number;
  /** Of the normals behind the columns, each with each. */
  readonly correlation: number;
  /** Of the first two, in place of the former. */
  readonly ofFirstTwo?: number;
}

/** Rows of which references and windows are drawn. */
export interface ColumnPool {
  readonly rows: readonly Float64Array[];
  readonly standards: readonly StandardisedFeature[];
}

const POOL_ROWS = 50_000;

export function columnPool(random: Random, columns: Columns): ColumnPool {
  const { shape, features, correlation, ofFirstTwo } = columns;
  const kinds = shape === 'mixed' ? Object.values(shapes) : [shapes[shape]];
  const rows = Array.from({ length: POOL_ROWS }, () => {
    const common = random.normal();
    const normals = Array.from({ length: features }, () => mixed(common, random.normal(), correlation));
    if (ofFirstTwo !== undefined) {
      normals[1] = mixed(normals[0] ?? 0, random.normal(), ofFirstTwo ** 2);
    }
    return Float64Array.from(normals, (z, i) => kinds[i % kinds.length]?.(z, random) ?? z);
  });
  return { rows, standards: Array.from({ length: features }, (_, i) => ({ name: `x${i}`, ...momentsOf(rows, i) })) };
}

export function drawnRows(random: Random, { rows }: ColumnPool, count: number): Int32Array {
  return Int32Array.from({ length: count }, () => Math.floor(random.uniform() * rows.length));
}

/** The reference of a profile, built by the product. */
export function momentsReference(random: Random, pool: ColumnPool, positions: Int32Array): CoMomentReference {
  const counter = new CoMomentReferenceCounter(pool.standards, random.uniform);
  for (const position of positions) counter.record(pool.rows[position] ?? [], -1);
  const reference = counter.reference();
  if (reference === undefined) throw new RangeError('a reference has rows');
  return reference;
}

/** Of a reference that was captured from traffic the shape of the rows is not known. */
export function comparedWindow(
  reference: CoMomentReference,
  { count, means, sums }: CoMoments,
  isCaptured = false,
): ComparedMoments {
  const names = reference.features;
  const known = isCaptured
    ? { names, count: reference.count, means: reference.means, sums: reference.sums }
    : { ...reference, names, shape: reference };
  const compared = compareMoments(known, { names, count, means, sums });
  if (compared === undefined) throw new TypeError('both have the same columns');
  return compared;
}

export function windowMoments({ rows, standards }: ColumnPool, positions: Int32Array): CoMoments {
  const moments = new CoMoments(standards);
  for (const position of positions) moments.record(rows[position] ?? []);
  return moments;
}

/** What a row of the pool adds to √n·atanh(r) of its first two columns, with a mean of 0 and a variance of 1. */
export function influenceOnCorrelation({ rows, standards }: ColumnPool): Float64Array {
  const [first, second] = [0, 1].map((i) => {
    const feature = standards[i];
    return unit(Float64Array.from(rows, (row) => (feature === undefined ? 0 : standardised(row[i] ?? 0, feature))));
  });
  const [u, v] = [first ?? new Float64Array(), second ?? new Float64Array()];
  const correlation = u.reduce((sum, x, i) => sum + x * (v[i] ?? 0), 0) / u.length;
  return unit(u.map((x, i) => x * (v[i] ?? 0) - (correlation * (x * x + (v[i] ?? 0) ** 2)) / 2));
}

function unit(values: Float64Array): Float64Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  return values.map((value) => (value - mean) / sd);
}

function mixed(common: number, own: number, share: number): number {
  return Math.sqrt(share) * common + Math.sqrt(1 - share) * own;
}

function momentsOf(rows: readonly Float64Array[], feature: number): { readonly mean: number; readonly sd: number } {
  const mean = rows.reduce((sum, row) => sum + (row[feature] ?? 0), 0) / rows.length;
  const squares = rows.reduce((sum, row) => sum + ((row[feature] ?? 0) - mean) ** 2, 0);
  return { mean, sd: Math.sqrt(squares / (rows.length - 1)) };
}
