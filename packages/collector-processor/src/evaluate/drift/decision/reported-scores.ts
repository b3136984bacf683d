import type { NumericReference } from '@driftline/sketches';
import { mean } from 'simple-statistics';
import type { BucketedValues, ColumnKind, DriftMethod, ScoreBounds } from '../drift-method.ts';
import { driftMethods as registered } from '../index.ts';
import { type Bin, groupBuckets } from './bins.ts';
import { type ComparedFeature, rowsOf } from './feature-counts.ts';
import { orderedValues } from './ordered-values.ts';

const driftMethods: readonly DriftMethod[] = registered;

/** What drift methods say of one feature, by name. Those that cannot be computed are absent. */
export interface ReportedScores {
  readonly scores: Readonly<Record<string, number>>;
  /** Of methods that have a null distribution; each by itself, not adjusted for how many are asked. */
  readonly scorePValues: Readonly<Record<string, number>>;
  /** Of methods to which the buckets do not tell all. */
  readonly scoreBounds: Readonly<Record<string, ScoreBounds>>;
}

interface ReportedScore {
  readonly score: number;
  readonly p?: number;
  readonly bounds?: ScoreBounds;
}

/** Of an embedding, the mean over its projections and length, and the smallest p-value of so many. */
export function reportedScores(
  feature: ComparedFeature | undefined,
  { phi, methods = [] }: { readonly phi: number; readonly methods: readonly string[] | undefined },
): ReportedScores {
  const wanted = driftMethods.filter(({ name }) => methods.includes(name));
  const reported = feature === undefined || wanted.length === 0 ? [] : reportedBy(wanted, feature, phi);
  return {
    scores: Object.fromEntries(reported.map(([name, { score }]) => [name, score])),
    scorePValues: Object.fromEntries(reported.flatMap(([name, { p }]) => (p === undefined ? [] : [[name, p]]))),
    scoreBounds: Object.fromEntries(
      reported.flatMap(([name, { bounds }]) => (bounds === undefined ? [] : [[name, bounds]])),
    ),
  };
}

function reportedBy(methods: readonly DriftMethod[], feature: ComparedFeature, phi: number): [string, ReportedScore][] {
  const rows = rowsOf(feature);
  if (rows.reference === 0 || rows.current === 0) return [];
  const kinds: readonly ColumnKind[] = 'ordered' in feature ? ['categorical', 'ordinal'] : [feature.kind];
  const whole = readableOf(feature);
  const each = feature.kind === 'embedding' ? feature.projections.map(readableNumbers) : undefined;
  return methods.flatMap((method) => {
    if (!kinds.some((kind) => method.kinds.includes(kind))) return [];
    const score =
      each === undefined || method.reads === 'projections'
        ? scoreOf(method, whole, phi)
        : overall(each.map((projection) => scoreOf(method, projection, phi)));
    return score === undefined ? [] : [[method.name, score]];
  });
}

/** A feature as methods read it; made once for all of them. */
interface Readable {
  readonly bins?: readonly Bin[];
  readonly categories?: readonly Bin[];
  readonly values?: BucketedValues;
  readonly projections?: readonly BucketedValues[];
}

function readableOf(feature: ComparedFeature): Readable {
  switch (feature.kind) {
    case 'numeric':
      return readableNumbers(feature);
    case 'categorical': {
      const categories = [...feature.categories.values()];
      const values = feature.ordered && orderedValues(feature.ordered);
      return { bins: categories, categories, ...(values && { values }) };
    }
    case 'embedding':
      // The last is the length.
      return { projections: feature.projections.slice(0, -1).map(valuesOf) };
  }
}

interface ComparedNumbers {
  readonly reference: NumericReference;
  readonly buckets: readonly Bin[];
}

function readableNumbers(numbers: ComparedNumbers): Readable {
  return { bins: groupBuckets(numbers.buckets, numbers.reference.bins[10]), values: valuesOf(numbers) };
}

function valuesOf({ reference: { edges, sd, tails }, buckets }: ComparedNumbers): BucketedValues {
  return { edges, buckets, sd, tails };
}

function scoreOf(method: DriftMethod, readable: Readable, phi: number): ReportedScore | undefined {
  switch (method.reads) {
    case 'bins':
      return readable.bins && scored(method, readable.bins, phi);
    case 'categories':
      return readable.categories && scored(method, readable.categories, phi);
    case 'values':
      return readable.values && scored(method, readable.values, phi);
    case 'projections':
      return readable.projections && scored(method, readable.projections, phi);
  }
}

function scored<Input>(
  method: {
    score(input: Input): number | undefined;
    readonly pValue?: (input: Input, phi: number) => number | undefined;
    readonly bounds?: (input: Input) => ScoreBounds | undefined;
  },
  input: Input,
  phi: number,
): ReportedScore | undefined {
  const score = method.score(input);
  if (score === undefined) return undefined;
  const p = method.pValue?.(input, phi);
  const bounds = method.bounds?.(input);
  return {
    score,
    ...(p !== undefined && { p }),
    // Where nothing is hidden all three are one number, but for its last digit.
    ...(bounds && { bounds: { lower: Math.min(bounds.lower, score), upper: Math.max(bounds.upper, score) } }),
  };
}

function overall(scores: readonly (ReportedScore | undefined)[]): ReportedScore | undefined {
  const known = scores.filter((one) => one !== undefined);
  if (known.length === 0) return undefined;
  const p = known.flatMap((one) => (one.p === undefined ? [] : [one.p]));
  const bounds = known.flatMap((one) => (one.bounds === undefined ? [] : [one.bounds]));
  return {
    score: mean(known.map(({ score }) => score)),
    ...(p.length > 0 && { p: Math.min(1, p.length * Math.min(...p)) }),
    ...(bounds.length === known.length && {
      bounds: { lower: mean(bounds.map(({ lower }) => lower)), upper: mean(bounds.map(({ upper }) => upper)) },
    }),
  };
}
