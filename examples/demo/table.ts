import type { styleText } from 'node:util';

/** The demo's screen as lines of at most 80 columns; nothing here knows a terminal. */
export type Lines = readonly string[];
export type Style = Extract<Parameters<typeof styleText>[0], string>;
export type Paint = (style: Style, text: string) => string;

export interface Addresses {
  /** Of the drift service. */
  readonly port: number;
  /** Of the service under watch. */
  readonly servicePort: number;
  /** Where gauges and alerts go. */
  readonly resultsUrl: string;
}

/** What is said about one week. */
export interface WeekRow {
  /** Its first day; without it the rows were held back and have no date. */
  readonly start?: Date;
  readonly rows: number;
  readonly p95Seconds?: number;
  readonly drifted: number;
  readonly monitored: number;
  readonly worst?: Pick<Change, 'part' | 'size'> & { readonly name: string; readonly state: string };
  readonly accuracy?: number;
  readonly pending: number;
  readonly firing: number;
  readonly newlyDrifted: readonly Change[];
  /** What arrived over OTLP in this week. */
  readonly alertChanges: readonly { readonly state: string; readonly feature: string }[];
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
  readonly arrived: { readonly driftGauges: number; readonly driftChanges: number; readonly alertChanges: number };
  readonly cost?: { readonly seconds: number; readonly bytesAPeriod: number };
}

export function headingLines({ port, servicePort, resultsUrl }: Addresses, paint: Paint): Lines {
  const address = (name: string, url: string, what: string) =>
    `  ${name.padEnd(8)} ${url.padEnd(37)} ${paint('dim', what)}`;
  return [
    `${paint('bold', 'Driftline demo')} · a model trained on winter flights meets the summer`,
    paint('dim', 'real ONNX model · real flights of 2013 · real OTLP · Ctrl-C stops'),
    '',
    address('service', `http://127.0.0.1:${servicePort}/health`, 'the model and its health'),
    address('drift', `http://127.0.0.1:${port}/api/v1/models`, 'the last week as judged'),
    address('backend', resultsUrl, 'receives gauges and alerts'),
    address('state', 'a temporary folder', 'deleted at exit'),
    '',
    paint('dim', '  week        rows  p95    drifted  worst feature               accuracy  alerts'),
  ];
}

export function productionLine(paint: Paint): string {
  return paint('dim', '  ── production data starts here '.padEnd(WIDTH, '─'));
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

export function changeLines({ newlyDrifted, alertChanges }: WeekRow, paint: Paint): Lines {
  return [
    ...newlyDrifted.map((change) => paint('yellow', clipped(changeLine(change)))),
    ...alertChanges.map((change) => paint(change.state === 'firing' ? 'red' : 'dim', clipped(alertLine(change)))),
  ];
}

export function summaryLines(summary: Summary, paint: Paint): Lines {
  const findings = [
    counted(summary.windows, 'window', 'windows'),
    counted(summary.driftedFeatures, 'feature drifted', 'features drifted'),
    counted(summary.alerts, 'alert', 'alerts'),
    `${integer.format(summary.predictions)} predictions`,
  ];
  const falseAlarms = counted(summary.falseAlarms, 'false alarm', 'false alarms');
  const { cost, arrived } = summary;
  const arrivals = [
    `${integer.format(arrived.driftGauges)} drift gauges`,
    counted(arrived.driftChanges, 'drift event', 'drift events'),
    counted(arrived.alertChanges, 'alert event', 'alert events'),
  ];
  return [
    `  ${findings.join(' · ')}`,
    paint(
      summary.falseAlarms === 0 ? 'green' : 'red',
      `  ${falseAlarms} on ${counted(summary.heldBackWindows, 'held-back window', 'held-back windows')}`,
    ),
    `  arrived over OTLP: ${arrivals.join(' · ')}`,
    ...(cost === undefined
      ? []
      : [
          `  cost of monitoring: ${duration(cost.seconds)} a prediction · ` +
            `${Math.ceil(cost.bytesAPeriod / 1000)} KB a period (a minute by default)`,
        ]),
    '',
    paint('dim', '  Next:  your own model         npx driftline init'),
    paint('dim', '         the code of this demo  examples/demo/service.ts'),
  ];
}

const WIDTH = 80;
const NAME_WIDTH = 13;
const STATE_WORDS: Readonly<Record<string, string>> = {
  warning: 'warn',
  insufficient_data: 'few',
  no_reference: 'none',
};

function worstFeature(worst: WeekRow['worst'], paint: Paint): string {
  if (worst === undefined) return ''.padEnd(NAME_WIDTH + 14);
  const name = worst.name.length > NAME_WIDTH ? `${worst.name.slice(0, NAME_WIDTH - 1)}…` : worst.name;
  const text = `${name.padEnd(NAME_WIDTH)} ${sizeOf(worst).padStart(7)} ${(STATE_WORDS[worst.state] ?? worst.state).padEnd(5)}`;
  return worst.state === 'drift' ? paint('red', text) : text;
}

function sizeOf({ part, size }: Pick<Change, 'part' | 'size'>): string {
  return part === 'distribution' ? `${size.toFixed(2)} sd` : percent(size);
}

function alerts({ pending, firing }: WeekRow, paint: Paint): string {
  const text = firing > 0 ? `${firing} FIRING` : pending > 0 ? `${pending} pending` : '';
  const aligned = text.padStart(11);
  return firing > 0 ? paint('red', aligned) : aligned;
}

function changeLine({ feature, part, size, limit, detectable, direction }: Change): string {
  switch (part) {
    case 'missing':
      return `    ↳ ${feature} is missing in ${percent(size)} of rows more (limit ${percent(limit)})`;
    case 'tails':
      return `    ↳ ${feature} is beyond all reference in ${percent(size)} of rows (limit ${percent(limit)})`;
    case 'distribution': {
      const limits = `limit ${limit.toFixed(2)}, detectable ${detectable.toFixed(2)}`;
      return `    ↳ ${feature} ${size.toFixed(2)} sd: ${direction} (${limits})`;
    }
  }
}

function alertLine({ state, feature }: WeekRow['alertChanges'][number]): string {
  return `    ↳ driftline.alert.change arrived: ${state}${feature === '' ? '' : `, ${feature} above all`}`;
}

function clipped(line: string): string {
  return line.length > WIDTH ? `${line.slice(0, WIDTH - 1)}…` : line;
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
