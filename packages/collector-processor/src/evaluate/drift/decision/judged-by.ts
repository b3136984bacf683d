import type { FeatureReference, NumericReference } from '@driftline/sketches';
import type { DriftPart, DriftState, JudgedBy } from '../../measurement.ts';
import { isAtomBucket } from '../statistics/cumulative-shares.ts';
import { type Bin, joinRareCategories, joinSparseBins, numberOfBins, totalOf } from './bins.ts';
import { type ComparedFeature, type CurrentCounts, numericCounts, rowsOf } from './feature-counts.ts';
import { formatLimit, type LimitReading } from './fixed-limit.ts';
import { hasRanks } from './ordinal-test.ts';

interface Judged {
  readonly reference: FeatureReference | undefined;
  readonly current: CurrentCounts;
  /** Undefined where the two cannot be compared. */
  readonly compared: ComparedFeature | undefined;
  readonly part: DriftPart;
  readonly state: DriftState;
  readonly limit: LimitReading | undefined;
  readonly phi: number;
}

/** Categories beyond this many are joined for the table of all of them, and a profile names a hundred at most. */
const MANY_CATEGORIES = 30;

/** Which tests decided about a feature, on how many bins, and why these; in words for whoever asks. */
export function judgedBy(judged: Judged): JudgedBy {
  const { compared, part, state, limit, phi } = judged;
  if (compared === undefined) return nothingToCompare(judged);
  if (state === 'insufficient_data') return tooFewRows(compared, part, phi);
  if (limit !== undefined) return fixedLimit(limit);
  if (part === 'missing') {
    return decidedBy('missing values', ['fisher-exact'], "share of missing values: Fisher's exact test");
  }
  if (part === 'tails') {
    const why =
      "rows beyond the reference's 0.1 % and 99.9 % and beyond its extremes: Fisher's exact test of each, one-sided";
    return decidedBy('tails', ['fisher-exact'], why);
  }
  switch (compared.kind) {
    case 'numeric':
      return numbers(compared);
    case 'categorical':
      return compared.ordered === undefined
        ? categories(compared.categories)
        : ordinal(compared, compared.ordered, phi);
    case 'embedding':
      return vectors(compared.projections);
  }
}

function numbers({ reference, buckets }: ComparedNumbers): JudgedBy {
  const rows = totalOf(buckets);
  const bins = joinSparseBins(numericCounts(reference, buckets).bins[numberOfBins(rows)]).length;
  const filled = buckets.flatMap((bucket, i) => (bucket.reference > 0 ? [i] : []));
  const atoms = filled.filter((i) => isAtomBucket(reference.edges, i));
  if (filled.length === 1 && reference.sd === 0) {
    const why = `constant in the reference (${reference.min}): the share of other values decides, by chi-squared and beyond its extremes by Fisher's exact test`;
    return decidedBy('constant', ['chi-squared', 'location-spread'], why, bins);
  }
  if (atoms.length === filled.length) {
    const why = `discrete: ${count(filled.length, 'value')}, each a bucket of its own, in ${count(bins, 'bin')}; chi-squared, and location and spread of the ranks`;
    return decidedBy(count(filled.length, 'value'), ['chi-squared', 'location-spread'], why, bins);
  }
  const repeated = atoms.length === 0 ? '' : ` with ${count(atoms.length, 'value')} that many rows share`;
  const why = `continuous${repeated}: chi-squared on ${count(bins, 'bin')} of equal share, and location and spread of the ranks`;
  return decidedBy(count(bins, 'bin'), ['chi-squared', 'location-spread'], why, bins);
}

function categories(all: ReadonlyMap<string, Bin>): JudgedBy {
  const present = [...all.values()].filter(({ reference, current }) => reference + current > 0);
  if (present.length < 2) {
    return decidedBy('constant', [], 'a single category, before and now: nothing can differ', present.length);
  }
  if (present.length === 2) return decidedBy('2 categories', ['fisher-exact'], "2 categories: Fisher's exact test", 2);
  const bins = joinRareCategories(present).length;
  const many = present.length > MANY_CATEGORIES ? ', many' : '';
  const joined = bins < present.length ? `, of which the rarest are one bin` : '';
  const why = `${present.length} categories${many}: chi-squared on ${count(bins, 'bin')}${joined}, and Fisher's exact test of each category, times their number`;
  return decidedBy(`${present.length} categories`, ['chi-squared', 'fisher-exact'], why, bins);
}

function ordinal(
  { reference, categories: all }: Extract<ComparedFeature, { kind: 'categorical' }>,
  ordered: readonly Bin[],
  phi: number,
): JudgedBy {
  const { summary, tests, explanation, bins } = categories(all);
  const order = `ordinal, ${JSON.stringify(reference.order?.[0])} to ${JSON.stringify(reference.order?.at(-1))}`;
  return hasRanks(ordered, phi)
    ? decidedBy(
        `${ordered.length} ordered categories`,
        [...tests, 'location-spread'],
        `${order}: location and spread of the ranks with half of the level, and with the other half ${explanation}`,
        bins,
      )
    : decidedBy(summary, tests, `${order}: too few rows or categories in this order for ranks; ${explanation}`, bins);
}

function vectors(projections: readonly ComparedNumbers[]): JudgedBy {
  const [first] = projections;
  const bins = first === undefined ? 0 : (numbers(first).bins ?? 0);
  const why = `embedding: ${count(projections.length - 1, 'random projection')} and the length, each as a number on up to ${count(bins, 'bin')}; the smallest p-value, times their number`;
  return decidedBy(count(projections.length, 'projection'), ['chi-squared', 'location-spread'], why, bins);
}

function fixedLimit(limit: LimitReading): JudgedBy {
  const { method, of, score, p } = limit;
  const said = of === 'p' ? `p is ${rounded(p ?? 1)}` : `the score is ${rounded(score)}`;
  const written = of === 'p' ? formatLimit(limit) : `>= ${formatLimit(limit)}`;
  return {
    ...decidedBy(
      `${method} ${written}`,
      [method],
      `a fixed limit, ${method} ${written}: ${said}. A fixed limit promises nothing about false alarms`,
    ),
    limit,
  };
}

function tooFewRows(compared: ComparedFeature, part: DriftPart, phi: number): JudgedBy {
  const { reference, current } = part === 'missing' ? totalOf([rowsOf(compared), compared.missing]) : rowsOf(compared);
  const counted = phi > 1 ? `, of which ${rounded(phi)} count as one` : '';
  return decidedBy('too few rows', [], `too few rows: ${current} now and ${reference} in the reference${counted}`);
}

function nothingToCompare({ reference, current }: Judged): JudgedBy {
  if (reference === undefined)
    return decidedBy('no reference', [], 'no reference with the id and the edges of the sender');
  if (reference.kind !== current.kind) {
    const why = `the kind changed: ${reference.kind} in the reference, ${current.kind} now; build the profile again, or send what it describes`;
    return decidedBy('another kind', [], why);
  }
  return decidedBy(
    'other buckets',
    [],
    "the buckets are not the reference's; sender and service need the same profile",
  );
}

function decidedBy(summary: string, tests: readonly string[], explanation: string, bins?: number): JudgedBy {
  return { summary, tests, explanation, ...(bins !== undefined && { bins }) };
}

interface ComparedNumbers {
  readonly reference: NumericReference;
  readonly buckets: readonly Bin[];
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}

function rounded(value: number): string {
  return String(Number(value.toPrecision(3)));
}
