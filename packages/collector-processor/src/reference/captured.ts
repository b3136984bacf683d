import {
  alignedBins,
  EdgeHistogram,
  ExponentialHistogram,
  type EmbeddingReference,
  nextDown,
  type NumericReference,
  quantileBins,
  storedBins,
} from '@driftline/sketches';
import { type Distribution, type Observations, sketchOf, sumOf, usableRows } from '../evaluate/observations.ts';
import { subjectKey } from '../evaluate/subjects.ts';
import { type Comparable, missingRows, type ModelReferences, projectionOrder } from './model-references.ts';

/** A reference made of early traffic, for models that no profile describes. Plain JSON, in the evaluation state. */
export type Capture =
  | { readonly state: 'capturing'; readonly rows: number }
  | { readonly state: 'captured'; readonly reference: CapturedReference };

export interface CapturedReference {
  /** End of the last pane that was taken, in milliseconds since the epoch. */
  readonly capturedAt: number;
  readonly rows: number;
  readonly subjects: readonly CapturedSubject[];
}

interface CapturedSubject {
  readonly role: Observations['role'];
  readonly name: string;
  readonly missing: number;
  readonly distributions: readonly (readonly [number | 'none', StoredDistribution])[];
  readonly categories: Readonly<Record<string, number>>;
}

type StoredDistribution =
  | {
      readonly kind: 'histogram';
      readonly edges: readonly number[];
      readonly counts: readonly number[];
      readonly sum: number;
    }
  | {
      readonly kind: 'exponential';
      readonly scale: number;
      readonly zeroCount: number;
      readonly positive: { readonly offset: number; readonly counts: readonly number[] };
      readonly negative: { readonly offset: number; readonly counts: readonly number[] };
      readonly sum: number;
    };

/** Freezes what was seen so far. Where senders counted on several edges, the one with the most rows is taken. */
export function captureReference(
  observations: readonly Observations[],
  rows: number,
  capturedAt: number,
): CapturedReference {
  const largest = new Map<string, Observations>();
  for (const one of observations) {
    const other = largest.get(subjectKey(one));
    if (other === undefined || usableRows(one) > usableRows(other)) largest.set(subjectKey(one), one);
  }
  return {
    capturedAt,
    rows,
    subjects: [...largest.values()].map((one) => ({
      role: one.role,
      name: one.name,
      missing: missingRows(one),
      distributions: [...one.distributions].map(
        ([projection, distribution]) => [projection, stored(distribution)] as const,
      ),
      categories: Object.fromEntries(one.categories),
    })),
  };
}

export function capturedReferences({ capturedAt, subjects }: CapturedReference): ModelReferences {
  const referenceId = `captured:${new Date(capturedAt).toISOString()}`;
  const byKey = new Map(subjects.map((subject) => [subjectKey(subject), subject]));
  return {
    calibration: undefined,
    compare: (observed) => ({ referenceId, ...compareWith(byKey.get(subjectKey(observed)), observed) }),
  };
}

function compareWith(subject: CapturedSubject | undefined, observed: Observations): Omit<Comparable, 'referenceId'> {
  const missing = missingRows(observed);
  if (subject === undefined || subject.distributions.length === 0) {
    return {
      reference: subject && { kind: 'categorical', categories: subject.categories, missing: subject.missing },
      current: { kind: 'categorical', categories: observed.categories, missing },
    };
  }
  const pairs = subject.distributions
    .toSorted(([one], [other]) => projectionOrder(one) - projectionOrder(other))
    .map(([projection, reference]) => align(reference, observed.distributions.get(projection)));
  const isComplete = pairs.every((pair) => pair !== undefined);
  const [only] = pairs;
  if (subject.distributions.some(([projection]) => projection === 'none')) {
    return {
      reference: only && { ...only.reference, missing: subject.missing },
      current: { kind: 'numeric', counts: only?.current ?? [], missing },
    };
  }
  return {
    reference: isComplete
      ? embedding(
          pairs.map(({ reference }) => reference),
          subject,
        )
      : undefined,
    current: { kind: 'embedding', projections: isComplete ? pairs.map(({ current }) => current) : [], missing },
  };
}

function embedding(projections: readonly NumericReference[], { name, missing }: CapturedSubject): EmbeddingReference {
  return { kind: 'embedding', dimensions: 0, seed: name, projections, missing };
}

interface Aligned {
  readonly reference: NumericReference;
  readonly current: Float64Array;
}

/** Undefined where the two cannot be brought onto common buckets, which is then `no_reference`. */
function align(captured: StoredDistribution, observed: Distribution | undefined): Aligned | undefined {
  if (captured.kind === 'histogram') {
    const reference = EdgeHistogram.from(captured);
    const current = observed === undefined ? new EdgeHistogram(reference.edges) : sketchOf(observed);
    const bins = alignedBins(reference, current);
    return bins && { reference: numericReference([...bins.edges], bins.reference, reference), current: bins.current };
  }
  const current = observed === undefined ? new ExponentialHistogram() : sketchOf(observed);
  return current instanceof ExponentialHistogram
    ? alignExponential(ExponentialHistogram.from(captured), current)
    : undefined;
}

/** The quantile bins of both at the coarser scale, and outside of them what lies beyond the reference's extremes. */
function alignExponential(reference: ExponentialHistogram, current: ExponentialHistogram): Aligned | undefined {
  const scale = Math.min(reference.scale, current.scale);
  if (current.count > 0) reference.downscaleTo(scale);
  const bins = alignedBins(reference, current.count > 0 ? current : reference);
  const low = nextDown(reference.quantile(0) ?? 0);
  const high = reference.quantile(1) ?? 0;
  if (bins === undefined) return undefined;
  const inner = [...bins.edges].filter((edge) => edge > low && edge < high);
  const edges = [low, ...inner, high];
  return {
    reference: numericReference(edges, countsOn(edges, reference), reference),
    current: countsOn(edges, current),
  };
}

/** Exact wherever an edge is a bucket's boundary, as all of these are. */
function countsOn(edges: readonly number[], histogram: ExponentialHistogram): Float64Array {
  const upTo = edges.map((edge) => Math.round((histogram.cumulativeShare(edge) ?? 0) * histogram.count));
  return Float64Array.from([...upTo, histogram.count], (rows, i) => rows - (upTo[i - 1] ?? 0));
}

function numericReference(
  edges: readonly number[],
  counts: Float64Array,
  histogram: EdgeHistogram | ExponentialHistogram,
): NumericReference {
  const everyEdge = edges.map((_, index) => index);
  const quantileEdges = quantileBins(counts, everyEdge, 60);
  const rows = sumOf(counts);
  return {
    kind: 'numeric',
    edges,
    counts: [...counts],
    bins: storedBins(counts, quantileEdges),
    quantileEdges,
    tails: { lower: tailEdge(counts, rows, 'lower'), upper: tailEdge(counts, rows, 'upper') },
    // Senders keep sums at home, and buckets do not tell mean and standard deviation; for a normal these are they.
    mean: histogram.quantile(0.5) ?? 0,
    sd: ((histogram.quantile(0.841_344_746) ?? 0) - (histogram.quantile(0.158_655_254) ?? 0)) / 2,
    min: edges[0] ?? 0,
    max: edges.at(-1) ?? 0,
    missing: 0,
  };
}

const TAIL_SHARE = 0.001;

/** The innermost edge beyond which at most 0.1 % of the rows lie. */
function tailEdge(counts: Float64Array, rows: number, side: 'lower' | 'upper'): number {
  const last = counts.length - 2;
  let beyond = 0;
  for (let step = 0; step <= last; step += 1) {
    beyond += counts[side === 'lower' ? step : counts.length - 1 - step] ?? 0;
    if (beyond > TAIL_SHARE * rows) return side === 'lower' ? Math.max(0, step - 1) : Math.min(last, last - step + 1);
  }
  return side === 'lower' ? 0 : last;
}

function stored(distribution: Distribution): StoredDistribution {
  if (distribution.kind === 'histogram') {
    const { edges, counts, sum } = distribution;
    return { kind: 'histogram', edges: [...edges], counts: [...counts], sum };
  }
  const { scale, zeroCount, positive, negative, sum } = distribution;
  const plain = ({ offset, counts }: typeof positive) => ({ offset, counts: [...counts] });
  return { kind: 'exponential', scale, zeroCount, positive: plain(positive), negative: plain(negative), sum };
}
