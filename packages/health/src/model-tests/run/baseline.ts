import type { ModelHealthReport } from './model-health-report.ts';

/** What tests kept of the last version that passed, by model and by the name of the test. */
export type Baseline = Readonly<Record<string, BaselineOfModel>>;

interface BaselineOfModel {
  readonly version: string;
  readonly tests: Readonly<Record<string, unknown>>;
}

const FORMAT = 'driftline.model-health-baseline/1';

/** @throws where the text is no baseline; the message says what it is instead. */
export function parseBaseline(text: string): Baseline {
  const content: unknown = parseJson(text);
  if (!isRecord(content) || content.format !== FORMAT || !isRecord(content.models))
    throw new Error(`is not a baseline: format must be ${JSON.stringify(FORMAT)}; remove it, and write it anew`);
  const models = Object.entries(content.models).map(([name, entry]) => {
    if (!isRecord(entry) || typeof entry.version !== 'string' || !isRecord(entry.tests))
      throw new Error(`models.${name} must have a version and tests; remove the file, and write it anew`);
    return [name, { version: entry.version, tests: entry.tests }] as const;
  });
  return Object.fromEntries(models);
}

export function baselineText(baseline: Baseline): string {
  return `${JSON.stringify({ format: FORMAT, models: baseline })}\n`;
}

/** A model of which anything failed keeps what it had: a bad version is nothing to measure the next one by. */
export function updatedBaseline(baseline: Baseline, reports: readonly ModelHealthReport[]): Baseline {
  const passed = reports.filter(({ verdict }) => verdict !== 'failed');
  return { ...baseline, ...Object.fromEntries(passed.map((report) => [report.model.name, ofModel(report)])) };
}

function ofModel({ model, results }: ModelHealthReport): BaselineOfModel {
  const kept = results.flatMap(({ name, kept }) => (kept === undefined ? [] : [[name, kept] as const]));
  return { version: model.version, tests: Object.fromEntries(kept) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error('is not JSON; remove it, and write it anew', { cause: error });
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
