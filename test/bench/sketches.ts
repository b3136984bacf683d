import {
  CoMoments,
  EdgeHistogram,
  EmbeddingProjections,
  ExponentialHistogram,
  FeatureProfile,
  type NumericReference,
  NumericReferenceCounter,
  BucketEdges,
  referenceEdges,
} from '@driftline/sketches';
import { bench, do_not_optimize, group, summary } from 'mitata';

/** Enough values that a branch predictor cannot learn them by heart. */
const rows = 128_000;

/** What a thousand values cost, for a shape that is easy to search and two that are not: microseconds are ns a value. */
export function sketchBenchmarks(): void {
  const shapesOfValues = shapes();
  for (const [shape, values] of Object.entries(shapesOfValues)) {
    const { edges } = referenceEdges(values);
    const thousand = thousandsOf(values);
    group(`record 1000 values, ${shape}, ${edges.length} edges`, () => {
      summary(() => {
        const bounds = [...edges];
        const counts = new Float64Array(edges.length + 1);
        bench('binary search, as the SDKs do', () => {
          for (const x of thousand()) counts[firstBoundNotBelow(bounds, x)]!++;
        }).baseline();
        const histogram = new EdgeHistogram(BucketEdges.of(edges));
        bench('edge histogram', () => histogram.recordAll(thousand()));
        const exponential = new ExponentialHistogram();
        bench('exponential histogram', () => exponential.recordAll(thousand()));
      });
    });
  }
  group('record one row', () => {
    const { normal } = shapesOfValues;
    const profile = new FeatureProfile(references(30, normal));
    const rowsOfFeatures = Array.from({ length: 4096 }, (_, row) =>
      Object.fromEntries(Array.from(profile.features.keys(), (name, i) => [name, normal[row * 31 + i]!])),
    );
    let turn = 0;
    bench('30 numeric features with co-moments', () => profile.record(rowsOfFeatures[turn++ & 4095]!));
    const coMoments = new CoMoments([...profile.coMoments!.features]);
    const numbers = normal.subarray(0, 30);
    bench('co-moments of 30 features', () => coMoments.record(numbers));
    const embeddings = new EmbeddingProjections({ dimensions: 768, seed: 'text', projections: 16 });
    const embedding = normal.subarray(0, 768);
    bench('an embedding of 768 dimensions on 16 projections', () => embeddings.record(embedding));
  });
}

/** Bytes that the sketches of so many features hold, heap and array buffers together. Needs --expose-gc. */
export function sketchMemory(features = 100): { readonly onEdges: number; readonly exponential: number } {
  const values = shapes().normal;
  const definitions = references(features, values);
  const kinds = Object.fromEntries(Object.keys(definitions).map((name) => [name, { kind: 'numeric' as const }]));
  return {
    onEdges: bytesHeldBy(() => filled(new FeatureProfile(definitions), values)),
    exponential: bytesHeldBy(() => filled(new FeatureProfile(kinds), values)),
  };
}

/** Another thousand on every call. */
function thousandsOf(values: Float64Array): () => Float64Array {
  const slices = Array.from({ length: rows / 1000 }, (_, i) => values.subarray(i * 1000, (i + 1) * 1000));
  let turn = 0;
  return () => slices[turn++ % slices.length]!;
}

function shapes(): Readonly<Record<'normal' | 'lognormal' | 'cauchy', Float64Array>> {
  const normal = Float64Array.from({ length: rows + 1 }, gaussian);
  return {
    normal: normal.slice(0, rows),
    lognormal: normal.slice(0, rows).map((x) => Math.exp(2 * x)),
    cauchy: normal.slice(0, rows).map((x, i) => x / normal[i + 1]!),
  };
}

function gaussian(): number {
  return Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
}

function firstBoundNotBelow(bounds: readonly number[], x: number): number {
  let low = 0;
  let high = bounds.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (x > bounds[middle]!) low = middle + 1;
    else high = middle;
  }
  return low;
}

function references(features: number, values: Float64Array): Record<string, NumericReference> {
  const counter = new NumericReferenceCounter(referenceEdges(values));
  for (const value of values) counter.record(value);
  const reference = counter.reference(values.length);
  return Object.fromEntries(Array.from({ length: features }, (_, i) => [`feature_${i}`, reference]));
}

function filled(profile: FeatureProfile, values: Float64Array): FeatureProfile {
  for (const name of profile.features.keys()) profile.recordColumn(name, values.subarray(0, 10_000));
  return profile;
}

function bytesHeldBy(make: () => FeatureProfile): number {
  const before = bytesInUse();
  const held = make();
  const bytes = bytesInUse() - before;
  do_not_optimize(held.rows);
  return bytes;
}

function bytesInUse(): number {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
