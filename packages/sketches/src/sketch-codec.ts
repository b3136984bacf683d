import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { CategoryCounts } from './category-counts.ts';
import { CoMoments } from './co-moments.ts';
import { EdgeHistogram } from './edge-histogram.ts';
import { type BucketRun, ExponentialHistogram } from './exponential-histogram.ts';

export type Sketch = EdgeHistogram | ExponentialHistogram | CategoryCounts | CoMoments;

/** The first byte of an encoded sketch; the second is its kind. */
const version = 1;
const kind = { edges: 1, exponential: 2, categories: 3, coMoments: 4 } as const;

export function encodeSketch(sketch: Sketch): Uint8Array {
  const writer = new ByteWriter().byte(version);
  if (sketch instanceof EdgeHistogram) writeEdges(writer.byte(kind.edges), sketch);
  else if (sketch instanceof ExponentialHistogram) writeExponential(writer.byte(kind.exponential), sketch);
  else if (sketch instanceof CategoryCounts) writeCategories(writer.byte(kind.categories), sketch);
  else writeCoMoments(writer.byte(kind.coMoments), sketch);
  return writer.bytes();
}

/** Throws a CompactFormatError for bytes that are no sketch or contradict themselves. */
export function decodeSketch(bytes: Uint8Array): Sketch {
  const reader = new ByteReader(bytes);
  const found = reader.byte();
  if (found !== version) reader.refuse(`version ${found}, where this Driftline reads ${version},`);
  try {
    const sketch = readSketch(reader);
    return reader.left === 0 ? sketch : reader.refuse(`${reader.left} bytes after the end`);
  } catch (error) {
    return error instanceof RangeError ? reader.refuse(error.message) : rethrow(error);
  }
}

function readSketch(reader: ByteReader): Sketch {
  const found = reader.byte();
  switch (found) {
    case kind.edges:
      return readEdges(reader);
    case kind.exponential:
      return readExponential(reader);
    case kind.categories:
      return readCategories(reader);
    case kind.coMoments:
      return readCoMoments(reader);
    default:
      return reader.refuse(`unknown kind of sketch ${found}`);
  }
}

function writeEdges(writer: ByteWriter, { edges, counts, sum, min, max, notFinite }: EdgeHistogram): void {
  writer.doubles(edges.values).wholes(counts).double(sum).double(min).double(max).whole(notFinite);
}

function readEdges(reader: ByteReader): EdgeHistogram {
  return EdgeHistogram.from({ edges: reader.doubles(), counts: reader.wholes(), ...readMoments(reader) });
}

function writeExponential(writer: ByteWriter, sketch: ExponentialHistogram): void {
  const { maxBuckets, maxScale, scale, zeroCount, sum, min, max, notFinite } = sketch;
  writer.whole(maxBuckets).double(maxScale).double(scale).whole(zeroCount);
  for (const { offset, counts } of [sketch.positive, sketch.negative]) writer.double(offset).wholes(counts);
  writer.double(sum).double(min).double(max).whole(notFinite);
}

function readExponential(reader: ByteReader): ExponentialHistogram {
  return ExponentialHistogram.from({
    maxBuckets: reader.whole(),
    maxScale: reader.double(),
    scale: reader.double(),
    zeroCount: reader.whole(),
    positive: readBuckets(reader),
    negative: readBuckets(reader),
    ...readMoments(reader),
  });
}

function readBuckets(reader: ByteReader): BucketRun {
  return { offset: reader.double(), counts: reader.wholes() };
}

function readMoments(reader: ByteReader): { sum: number; min: number; max: number; notFinite: number } {
  return { sum: reader.double(), min: reader.double(), max: reader.double(), notFinite: reader.whole() };
}

function writeCategories(writer: ByteWriter, { known, limit, unknown, counts }: CategoryCounts): void {
  writer.whole(known.size);
  for (const category of known) writer.text(category);
  writer
    .whole(limit)
    .byte(unknown === 'fold' ? 1 : 0)
    .whole(counts.size);
  for (const [category, rows] of counts) writer.text(category).whole(rows);
}

function readCategories(reader: ByteReader): CategoryCounts {
  const known = Array.from({ length: reader.length(1) }, () => reader.text());
  const sketch = new CategoryCounts({
    known,
    limit: reader.whole(),
    unknown: reader.byte() === 1 ? 'fold' : 'record',
  });
  for (let left = reader.length(2); left > 0; left--) sketch.add(reader.text(), reader.whole());
  return sketch;
}

function writeCoMoments(writer: ByteWriter, { features, count, incomplete, means, sums }: CoMoments): void {
  writer.whole(features.length);
  for (const { name, mean, sd } of features) writer.text(name).double(mean).double(sd);
  writer.whole(count).whole(incomplete).doubles(means).doubles(sums);
}

function readCoMoments(reader: ByteReader): CoMoments {
  const features = Array.from({ length: reader.length(17) }, () => ({
    name: reader.text(),
    mean: reader.double(),
    sd: reader.double(),
  }));
  return CoMoments.from({
    features,
    count: reader.whole(),
    incomplete: reader.whole(),
    means: reader.doubles(),
    sums: reader.doubles(),
  });
}

function rethrow(error: unknown): never {
  throw error;
}
