import {
  alignedBins,
  BucketEdges,
  decodeSketch,
  EdgeHistogram,
  encodeSketch,
  FeatureProfile,
  NumericReferenceCounter,
  profileFormat,
  referenceEdges,
  withProfileId,
} from '@driftline/sketches';

// Where the model is trained: edges from a sample of the values, then exact counts of all of them.
const ages = Array.from({ length: 10_000 }, (_, i) => 18 + ((i * 7919) % 4700) / 100);
const counter = new NumericReferenceCounter(referenceEdges(ages));
for (const age of ages) counter.record(age);
const age = counter.reference(ages.length);

export const profile = withProfileId({
  format: profileFormat,
  model: { name: 'employment', version: '2026-11-20' },
  rows: ages.length,
  features: { age },
  outputs: {},
});

// Where it is served: every defined feature gets a status for every row.
export const live = new FeatureProfile(profile.features);
for (const row of [{ age: 30 }, { age: 99 }, { age: null }, { age: 'thirty' }, {}]) live.record(row);

// Sketches of several processes travel as bytes and merge to what recording everything in one place would have counted.
const edges = BucketEdges.of(age.edges);
const [first, second] = [new EdgeHistogram(edges), new EdgeHistogram(edges)];
first.recordAll(ages.slice(0, 5000).map((years) => years + 5));
second.recordAll(ages.slice(5000).map((years) => years + 5));
const received = decodeSketch(encodeSketch(second));
if (received instanceof EdgeHistogram) first.merge(received);

// Reference and window on the same buckets: what a drift method reads.
const reference = EdgeHistogram.from({ ...age, sum: age.mean * ages.length });
export const bins = alignedBins(reference, first);
export const medians = [reference.quantile(0.5), first.quantile(0.5)] as const;
