import { ML_FEATURE_CATEGORY_VALUE_OTHER } from '@driftline/semantic-conventions';
import { CoMoments, ExponentialHistogram } from '@driftline/sketches';
import type { PointValue, SampledSpan } from '../receive/unit.ts';
import type { Cumulative, Gauge, Outcomes, SeriesState } from './series-state.ts';

type StateOf<Kind extends SeriesState['kind']> = Extract<SeriesState, { kind: Kind }>;

/** What both hold together, as a new state; neither changes. Throws when they are not of one stream. */
export function mergeStates(held: SeriesState, added: SeriesState): SeriesState {
  if (held.kind === 'histogram' && added.kind === 'histogram') return mergeHistograms(held, added);
  if (held.kind === 'exponential' && added.kind === 'exponential') return mergeExponentials(held, added);
  if (held.kind === 'sum' && added.kind === 'sum') return { kind: 'sum', value: held.value + added.value };
  if (held.kind === 'gauge' && added.kind === 'gauge') return laterGauge(held, added);
  if (held.kind === 'comoments' && added.kind === 'comoments') return mergeComoments(held, added);
  if (held.kind === 'outcomes' && added.kind === 'outcomes') return mergeOutcomes(held, added);
  if (held.kind === 'samples' && added.kind === 'samples') return mergeSamples(held, added);
  if (held.kind === 'cumulative' && added.kind === 'cumulative') return laterCumulative(held, added);
  throw new TypeError(`pane state: a ${added.kind} does not merge into a ${held.kind}; the series must differ`);
}

function mergeHistograms(held: StateOf<'histogram'>, added: StateOf<'histogram'>): SeriesState {
  if (held.counts.length !== added.counts.length) {
    throw new TypeError(
      `pane state: ${added.counts.length} buckets do not merge into ${held.counts.length}; the series must differ`,
    );
  }
  const counts = held.counts.slice();
  for (let i = 0; i < counts.length; i++) counts[i]! += added.counts[i]!;
  return { kind: 'histogram', edges: held.edges, counts, sum: held.sum + added.sum };
}

function mergeExponentials(held: StateOf<'exponential'>, added: StateOf<'exponential'>): SeriesState {
  const merged = ExponentialHistogram.from(held);
  merged.merge(ExponentialHistogram.from(added));
  return exponentialState(merged);
}

export function exponentialState(histogram: ExponentialHistogram): StateOf<'exponential'> {
  const { scale, zeroCount, positive, negative, sum } = histogram;
  return {
    kind: 'exponential',
    scale,
    zeroCount,
    sum,
    positive: { offset: positive.offset, counts: positive.counts.slice() },
    negative: { offset: negative.offset, counts: negative.counts.slice() },
  };
}

/** The last value wins; of two at the same time the greater, so that their order does not matter. */
function laterGauge(held: Gauge, added: Gauge): Gauge {
  if (held.atNs !== added.atNs) return held.atNs > added.atNs ? held : added;
  return held.value >= added.value ? held : added;
}

function mergeComoments(held: StateOf<'comoments'>, added: StateOf<'comoments'>): SeriesState {
  const merged = coMoments(held);
  merged.merge(coMoments(added));
  const { count, means, sums } = merged;
  return { kind: 'comoments', names: held.names, count, means, sums };
}

/** The values came standardised. */
function coMoments({ names, count, means, sums }: Extract<PointValue, { kind: 'comoments' }>): CoMoments {
  return CoMoments.from({ features: names.map((name) => ({ name, mean: 0, sd: 1 })), count, means, sums });
}

function mergeOutcomes(held: Outcomes, added: Outcomes): Outcomes {
  const confusion = new Map([...held.confusion].map(([predicted, truths]) => [predicted, new Map(truths)]));
  let cells = [...confusion.values()].reduce((sum, truths) => sum + truths.size, 0);
  const add = (predicted: string, truth: string, count: number): void => {
    const truths = confusion.get(predicted) ?? new Map<string, number>();
    confusion.set(predicted, truths);
    if (!truths.has(truth)) cells += 1;
    truths.set(truth, (truths.get(truth) ?? 0) + count);
  };
  for (const [predicted, truths] of added.confusion) {
    for (const [truth, count] of truths) {
      const hasRoom = cells < mostConfusions || confusion.get(predicted)?.has(truth) === true;
      // Senders name the classes. Beyond the bound only right or wrong is kept.
      if (hasRoom) add(predicted, truth, count);
      else add(otherClass, predicted === truth ? otherClass : wrongOtherClass, count);
    }
  }
  return {
    kind: 'outcomes',
    confusion,
    errors: {
      count: held.errors.count + added.errors.count,
      sum: held.errors.sum + added.errors.sum,
      absolute: held.errors.absolute + added.errors.absolute,
      squared: held.errors.squared + added.errors.squared,
    },
  };
}

const mostConfusions = 10_000;
const otherClass = ML_FEATURE_CATEGORY_VALUE_OTHER;
const wrongOtherClass = `${otherClass}_wrong`;

/** Trace ids are random, so the least of them are as good a choice as any, and the same in whatever order they come. */
function mergeSamples(held: StateOf<'samples'>, added: StateOf<'samples'>): SeriesState {
  const byTrace = new Map<string, SampledSpan>();
  for (const span of [...held.spans, ...added.spans]) {
    const known = byTrace.get(span.traceId);
    if (known === undefined || span.spanId < known.spanId) byTrace.set(span.traceId, span);
  }
  const inOrder = [...byTrace.values()].toSorted((one, other) => (one.traceId < other.traceId ? -1 : 1));
  const spans = inOrder.slice(0, mostSampledSpans);
  const isNothingNew = spans.length === held.spans.length && spans.every((span, i) => span === held.spans[i]);
  return isNothingNew ? held : { kind: 'samples', spans };
}

const mostSampledSpans = 3;

/** The greatest end covers the others, and of two with one end the later start: it is the newer process. */
function laterCumulative(held: Cumulative, added: Cumulative): Cumulative {
  if (held.endNs !== added.endNs) return held.endNs > added.endNs ? held : added;
  return held.startNs >= added.startNs ? held : added;
}
