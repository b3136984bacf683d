import { z } from 'zod';
import type { Series } from '../receive/unit.ts';
import type { Countable, HeldSeries, SeriesState } from './series-state.ts';

/**
 * A held series as bytes, the same bytes for the same content:
 * format (u8), kind of blob (u8), length of the header (u32 LE), header (JSON in UTF-8), numbers (float64 LE).
 * The header says what the numbers are; whatever may be infinite or must be exact is among the numbers.
 */
export function encodeHeld({ series, state }: HeldSeries): Uint8Array {
  const { shape, numbers } = packed(state);
  const header = new TextEncoder().encode(JSON.stringify({ series: canonical(series), state: shape }));
  const bytes = new Uint8Array(prefixBytes + header.length + 8 * numbers.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, FORMAT);
  view.setUint8(1, KIND);
  view.setUint32(2, header.length, true);
  bytes.set(header, prefixBytes);
  numbers.forEach((number, i) => view.setFloat64(prefixBytes + header.length + 8 * i, number, true));
  return bytes;
}

/** Throws a `StateError` that says what is wrong; never returns a part of what was meant. */
export function decodeHeld(bytes: Uint8Array): HeldSeries {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < prefixBytes) throw new StateError(`${bytes.length} bytes are too few`);
  if (view.getUint8(0) !== FORMAT) {
    throw new StateError(`format ${view.getUint8(0)} is not ${FORMAT}; run the version of driftline that wrote it`);
  }
  if (view.getUint8(1) !== KIND) throw new StateError(`blob of kind ${view.getUint8(1)}, not ${KIND}`);
  const headerEnd = prefixBytes + view.getUint32(2, true);
  if (headerEnd > bytes.length || (bytes.length - headerEnd) % 8 !== 0) throw new StateError('it is cut off');
  const header = headerShape.safeParse(parsed(bytes.subarray(prefixBytes, headerEnd)));
  if (!header.success) throw new StateError(`its header is damaged: ${z.prettifyError(header.error)}`);

  const numbers = Float64Array.from({ length: (bytes.length - headerEnd) / 8 }, (_, i) =>
    view.getFloat64(headerEnd + 8 * i, true),
  );
  const taken = new Numbers(numbers);
  const state = unpacked(header.data.state, taken);
  taken.finish();
  return { series: header.data.series, state };
}

export class StateError extends Error {
  override readonly name = 'StateError';

  constructor(complaint: string) {
    super(`pane state: ${complaint}`);
  }
}

const FORMAT = 1;
/** Of the store's blobs: the evaluation's state and others have their own. */
const KIND = 2;
const prefixBytes = 6;

function canonical({ key, metric, unit, temporality, attributes }: Series): z.input<typeof seriesShape> {
  return { key, metric, unit, temporality, attributes: sortedEntries(new Map(Object.entries(attributes))) };
}

const whole = z.int().nonnegative();
const nanoseconds = z
  .string()
  .regex(/^\d{1,20}$/)
  .transform(BigInt);
const buckets = z.object({ offset: z.int(), length: whole });
const countableShape = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('histogram'), edges: whole }),
  z.object({ kind: z.literal('exponential'), scale: z.int(), positive: buckets, negative: buckets }),
  z.object({ kind: z.literal('sum') }),
]);
const stateShape = z.discriminatedUnion('kind', [
  ...countableShape.options,
  z.object({ kind: z.literal('gauge'), atNs: nanoseconds }),
  z.object({ kind: z.literal('comoments'), names: z.array(z.string()) }),
  z.object({
    kind: z.literal('samples'),
    spans: z.array(z.object({ traceId: z.string(), spanId: z.string() })),
  }),
  z.object({
    kind: z.literal('outcomes'),
    confusion: z.array(z.tuple([z.string(), z.array(z.tuple([z.string(), whole]))])),
  }),
  z.object({
    kind: z.literal('cumulative'),
    writer: z.string(),
    startNs: nanoseconds,
    endNs: nanoseconds,
    value: countableShape,
  }),
]);
const seriesShape = z.object({
  key: z.string(),
  metric: z.string(),
  unit: z.string(),
  temporality: z.enum(['delta', 'cumulative', 'none']),
  // As pairs: senders choose the names, and an object has names of its own.
  attributes: z
    .array(z.tuple([z.string(), z.union([z.string(), z.number(), z.boolean()])]))
    .transform((entries) => Object.fromEntries(entries)),
});
const headerShape = z.object({ series: seriesShape, state: stateShape });

/** As JSON has it. */
type StateShape = z.input<typeof stateShape>;
type CountableShape = z.input<typeof countableShape>;

interface Packed<Shape> {
  readonly shape: Shape;
  readonly numbers: readonly number[];
}

function packed(state: SeriesState): Packed<StateShape> {
  switch (state.kind) {
    case 'histogram':
    case 'exponential':
    case 'sum':
      return packedCountable(state);
    case 'gauge':
      return { shape: { kind: 'gauge', atNs: String(state.atNs) }, numbers: [state.value] };
    case 'comoments':
      return {
        shape: { kind: 'comoments', names: [...state.names] },
        numbers: [state.count, ...state.means, ...state.sums],
      };
    case 'samples':
      return { shape: { kind: 'samples', spans: [...state.spans] }, numbers: [] };
    case 'outcomes': {
      const { count, sum, absolute, squared } = state.errors;
      const confusion = sortedEntries(state.confusion).map(([predicted, truths]): [string, [string, number][]] => [
        predicted,
        sortedEntries(truths),
      ]);
      return { shape: { kind: 'outcomes', confusion }, numbers: [count, sum, absolute, squared] };
    }
    case 'cumulative': {
      const { shape: value, numbers } = packedCountable(state.value);
      const startNs = String(state.startNs);
      const endNs = String(state.endNs);
      return { shape: { kind: 'cumulative', writer: state.writer, startNs, endNs, value }, numbers };
    }
  }
}

function packedCountable(state: Countable): Packed<CountableShape> {
  switch (state.kind) {
    case 'histogram':
      return {
        shape: { kind: 'histogram', edges: state.edges.length },
        numbers: [state.sum, ...state.edges, ...state.counts],
      };
    case 'exponential': {
      const { scale, positive, negative } = state;
      return {
        shape: {
          kind: 'exponential',
          scale,
          positive: { offset: positive.offset, length: positive.counts.length },
          negative: { offset: negative.offset, length: negative.counts.length },
        },
        numbers: [state.zeroCount, state.sum, ...positive.counts, ...negative.counts],
      };
    }
    case 'sum':
      return { shape: { kind: 'sum' }, numbers: [state.value] };
  }
}

function unpacked(shape: z.output<typeof stateShape>, numbers: Numbers): SeriesState {
  switch (shape.kind) {
    case 'histogram':
    case 'exponential':
    case 'sum':
      return unpackedCountable(shape, numbers);
    case 'samples':
      return shape;
    case 'gauge':
      return { ...shape, value: numbers.take() };
    case 'comoments': {
      const width = shape.names.length;
      const count = numbers.take();
      return { ...shape, count, means: numbers.run(width), sums: numbers.run((width * (width + 1)) / 2) };
    }
    case 'outcomes': {
      const confusion = new Map(shape.confusion.map(([predicted, truths]) => [predicted, new Map(truths)]));
      const errors = { count: numbers.take(), sum: numbers.take(), absolute: numbers.take(), squared: numbers.take() };
      return { kind: 'outcomes', confusion, errors };
    }
    case 'cumulative':
      return { ...shape, value: unpackedCountable(shape.value, numbers) };
  }
}

function unpackedCountable(shape: z.output<typeof countableShape>, numbers: Numbers): Countable {
  switch (shape.kind) {
    case 'histogram': {
      const sum = numbers.take();
      return { kind: 'histogram', edges: numbers.run(shape.edges), counts: numbers.run(shape.edges + 1), sum };
    }
    case 'exponential': {
      const zeroCount = numbers.take();
      const sum = numbers.take();
      const positive = { offset: shape.positive.offset, counts: numbers.run(shape.positive.length) };
      const negative = { offset: shape.negative.offset, counts: numbers.run(shape.negative.length) };
      return { kind: 'exponential', scale: shape.scale, zeroCount, sum, positive, negative };
    }
    case 'sum':
      return { kind: 'sum', value: numbers.take() };
  }
}

/** The numbers in the order in which the header promises them. */
class Numbers {
  readonly #numbers: Float64Array;
  #taken = 0;

  constructor(numbers: Float64Array) {
    this.#numbers = numbers;
  }

  take(): number {
    return this.run(1)[0]!;
  }

  run(length: number): Float64Array {
    if (this.#taken + length > this.#numbers.length) throw new StateError('it holds fewer numbers than it says');
    return this.#numbers.slice(this.#taken, (this.#taken += length));
  }

  finish(): void {
    if (this.#taken < this.#numbers.length) throw new StateError('it holds more numbers than it says');
  }
}

function parsed(json: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json));
  } catch {
    return undefined;
  }
}

function sortedEntries<V>(map: ReadonlyMap<string, V>): [string, V][] {
  return [...map].toSorted(([a], [b]) => (a < b ? -1 : 1));
}
