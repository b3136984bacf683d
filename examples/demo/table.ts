import type { styleText } from 'node:util';

/** The demo's screen as lines of at most 80 columns; nothing here knows a terminal. */
export type Lines = readonly string[];
export type Style = Extract<Parameters<typeof styleText>[0], string>;
export type Paint = (style: Style, text: string) => string;

export interface Addresses {
  readonly page: string;
  readonly otlp: string;
  readonly health: string;
}

/** What is said about one week. */
export interface WeekRow {
  /** Its first day; without it the rows were held back and have no date. */
  readonly start?: Date;
  readonly rows: number;
  readonly p95Seconds?: number;
  readonly drifted: number;
  readonly monitored: number;
  readonly worst?: { readonly name: string; readonly size: number; readonly state: string };
  readonly accuracy?: number;
  readonly pending: number;
  readonly firing: number;
  readonly newlyDrifted: readonly Change[];
}

/** A feature that began to drift. Sizes and limits are in standard deviations, or in shares of rows. */
export interface Change {
  readonly feature: string;
  readonly part: 'distribution' | 'missing' | 'tails';
  readonly size: number;
  readonly limit: number;
  readonly detectable: number;
  readonly direction: string;
}

export interface Summary {
  readonly windows: number;
  readonly driftedFeatures: number;
  readonly alerts: number;
  readonly heldBackWindows: number;
  readonly falseAlarms: number;
  readonly predictions: number;
  readonly cost?: { readonly secondsPerPrediction: number; readonly bytesPerMinute: number };
}

export function headingLines({ page, otlp, health }: Addresses, paint: Paint): Lines {
  return [
    `${paint('bold', 'Driftline demo')} · a model trained on winter flights meets the summer`,
    paint('dim', 'real ONNX model · real data · real OTLP · 1 week = 1 s · Ctrl-C stops'),
    '',
    `  page    ${page}`,
    `  otlp    ${otlp}`,
    `  health  ${health}`,
    '  state   a temporary folder (deleted at exit)',
    '',
    paint('dim', '  week        rows  p95    drifted  worst feature               accuracy  alerts'),
  ];
}

export function productionLine(paint: Paint): string {
  return paint('dim', '  ── production data starts here '.padEnd(80, '─'));
}

export function weekLine(week: WeekRow, paint: Paint): string {
  const columns = [
    week.start === undefined ? 'held back' : day.format(week.start).padEnd(9),
    integer.format(week.rows).padStart(6),
    ` ${week.p95Seconds === undefined ? '' : duration(week.p95Seconds)}`.padEnd(7),
    paint(week.drifted > 0 ? 'red' : 'green', `${week.drifted} of ${week.monitored}`.padEnd(8)),
    worstFeature(week.worst, paint),
    (week.accuracy?.toFixed(2) ?? '').padEnd(4),
    alerts(week, paint),
  ];
  return `  ${columns.join(' ')}`.trimEnd();
}

export function changeLines({ newlyDrifted }: WeekRow, paint: Paint): Lines {
  return newlyDrifted.map((change) => paint('yellow', changeLine(change)));
}

export function summaryLines(summary: Summary, paint: Paint): Lines {
  const findings = [
    `${summary.windows} windows`,
    counted(summary.driftedFeatures, 'feature drifted', 'features drifted'),
    counted(summary.alerts, 'alert', 'alerts'),
    `${integer.format(summary.predictions)} predictions`,
  ];
  const falseAlarms = counted(summary.falseAlarms, 'false alarm', 'false alarms');
  const { cost } = summary;
  return [
    `  ${findings.join(' · ')}`,
    paint(
      summary.falseAlarms === 0 ? 'green' : 'red',
      `  ${falseAlarms} on ${summary.heldBackWindows} held-back windows`,
    ),
    ...(cost === undefined
      ? []
      : [
          `  cost of monitoring: ${duration(cost.secondsPerPrediction)} a prediction, ` +
            `${Math.ceil(cost.bytesPerMinute / 1000)} KB a minute`,
        ]),
    paint('dim', '  Next:  your own model         npx driftline init'),
    paint('dim', '         the code of this demo  examples/demo/service.ts'),
  ];
}

const NAME_WIDTH = 13;
const STATE_WORDS: Readonly<Record<string, string>> = {
  warning: 'warn',
  insufficient_data: 'few',
  no_reference: 'none',
};

function worstFeature(worst: WeekRow['worst'], paint: Paint): string {
  if (worst === undefined) return ''.padEnd(NAME_WIDTH + 14);
  const name = worst.name.length > NAME_WIDTH ? `${worst.name.slice(0, NAME_WIDTH - 1)}…` : worst.name;
  const text = `${name.padEnd(NAME_WIDTH)} ${worst.size.toFixed(2)} sd ${(STATE_WORDS[worst.state] ?? worst.state).padEnd(5)}`;
  return worst.state === 'drift' ? paint('red', text) : text;
}

function alerts({ pending, firing }: WeekRow, paint: Paint): string {
  const text = firing > 0 ? `${firing} FIRING` : pending > 0 ? `${pending} pending` : '';
  const aligned = text.padStart(11);
  return firing > 0 ? paint('red', aligned) : aligned;
}

function changeLine({ feature, part, size, limit, detectable, direction }: Change): string {
  if (part !== 'distribution') {
    return `            ↳ ${feature}: ${percent(size)} of rows more in ${part} (limit ${percent(limit)})`;
  }
  const finest = `detectable ${detectable.toFixed(2)}`;
  return `            ↳ ${feature} moved ${size.toFixed(2)} sd (limit ${limit.toFixed(2)}, ${finest}): ${direction}`;
}

function duration(seconds: number): string {
  const [value, unit] = seconds < 1e-3 ? [seconds * 1e6, 'µs'] : seconds < 1 ? [seconds * 1e3, 'ms'] : [seconds, 's'];
  return `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ${unit}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

const integer = new Intl.NumberFormat('en-US');
const day = new Intl.DateTimeFormat('en-US', { month: 'short', day: '2-digit', timeZone: 'UTC' });
