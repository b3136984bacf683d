import type { Instrument } from './metric-definition.ts';

/**
 * The name under which Prometheus stores an OTLP metric by default (`UnderscoreEscapingWithSuffixes`). Histograms add
 * `_bucket`, `_sum` and `_count` to it.
 * Source: https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/ and the translator that
 * Prometheus uses, github.com/prometheus/otlptranslator.
 */
export function prometheusName(metric: PrometheusMetric): string {
  const words = withUnit(wordsOf(metric.name), metric.unit);
  const name = endingWith(words, typeSuffix(metric)).join('_');
  return /^\d/.test(name) ? `_${name}` : name;
}

export interface PrometheusMetric {
  readonly name: string;
  readonly unit: string;
  readonly instrument: Instrument;
}

function wordsOf(name: string): readonly string[] {
  return name.split(/[^a-zA-Z0-9:]+/).filter((word) => word !== '');
}

/** `By/s` becomes `bytes_per_second`. A unit in braces is an annotation and leaves no trace. */
function withUnit(words: readonly string[], unit: string): readonly string[] {
  const [measured = '', ...per] = unit.split('/');
  const measuredWord = unitWord(measured, unitWords);
  const perWord = unitWord(per.join('/'), perUnitWords);
  return [
    ...words,
    ...(measuredWord === '' || words.includes(measuredWord) ? [] : [measuredWord]),
    ...(perWord === '' ? [] : ['per', perWord]),
  ];
}

function unitWord(unit: string, known: ReadonlyMap<string, string>): string {
  const trimmed = unit.trim();
  return /[{}]/.test(trimmed) ? '' : (known.get(trimmed) ?? wordsOf(trimmed).join('_'));
}

/** A counter of unit 1 is no ratio, and an UpDownCounter neither. */
function typeSuffix({ instrument, unit }: PrometheusMetric): 'total' | 'ratio' | undefined {
  if (instrument === 'counter') return 'total';
  if (instrument === 'gauge' && unit === '1') return 'ratio';
  return undefined;
}

/** The suffix moves to the end where the name has it already. */
function endingWith(words: readonly string[], suffix: string | undefined): readonly string[] {
  return suffix === undefined ? words : [...words.filter((word) => word !== suffix), suffix];
}

const unitWords: ReadonlyMap<string, string> = new Map([
  ['1', ''],
  ['d', 'days'],
  ['h', 'hours'],
  ['min', 'minutes'],
  ['s', 'seconds'],
  ['ms', 'milliseconds'],
  ['us', 'microseconds'],
  ['ns', 'nanoseconds'],
  ['By', 'bytes'],
  ['KiBy', 'kibibytes'],
  ['MiBy', 'mebibytes'],
  ['GiBy', 'gibibytes'],
  ['TiBy', 'tibibytes'],
  ['KBy', 'kilobytes'],
  ['MBy', 'megabytes'],
  ['GBy', 'gigabytes'],
  ['TBy', 'terabytes'],
  ['m', 'meters'],
  ['V', 'volts'],
  ['A', 'amperes'],
  ['J', 'joules'],
  ['W', 'watts'],
  ['g', 'grams'],
  ['Cel', 'celsius'],
  ['Hz', 'hertz'],
  ['%', 'percent'],
]);

const perUnitWords: ReadonlyMap<string, string> = new Map([
  ['s', 'second'],
  ['m', 'minute'],
  ['h', 'hour'],
  ['d', 'day'],
  ['w', 'week'],
  ['mo', 'month'],
  ['y', 'year'],
]);
