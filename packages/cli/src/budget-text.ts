import type { BudgetExplanation, TrafficExplanation } from '@driftline/collector-processor/settings';
import { inShort, inThousands, printable, table } from './table.ts';

/** What `false_alarms_per_month` means for each model, for people. */
export function budgetText(
  models: readonly BudgetExplanation[],
  formatDuration: (milliseconds: number) => string,
): string {
  return [...models.map((model) => explained(model, formatDuration(model.windowMs))), legend].join('\n\n');
}

const legend = `detectable: the smallest shift found in four of five windows. Delay: windows until a shift of a normal is drift, in half
of all cases and in nine of ten; - is more than 36. How these figures were checked: docs/false-alarms.md`;

function explained(explanation: BudgetExplanation, every: string): string {
  const { model, falseAlarmsPerMonth, levels, hypotheses, references } = explanation;
  const name = model === undefined ? 'any other model' : printable(model);
  const [first] = levels;
  const horizons = levels.map(({ horizon }) => (horizon === 'window' ? 'window' : 'hour')).join(' and each ');
  return [
    `${name}: ${inShort(falseAlarmsPerMonth)} false ${falseAlarmsPerMonth === 1 ? 'alarm' : 'alarms'} a month, judged every ${every}`,
    `  reference  ${referenceText(explanation)}`,
    `  level      ${inShort(first?.window ?? 0)} for each ${horizons}${references === 1 ? '' : ` against each of ${references} references`}, ${inShort(first?.test ?? 0)} for the least of ${inThousands(hypotheses)} tests`,
    table([headerOf(explanation), ...explanation.traffic.map(trafficRow)]),
  ].join('\n');
}

function referenceText({ reference, referenceRows, hypotheses, calibrated }: BudgetExplanation): string {
  const rows = `${inThousands(referenceRows)} rows`;
  const dependence = calibrated
    ? 'rows that depend on each other are accounted for'
    : 'rows are taken for independent of each other';
  return reference === 'profile'
    ? `${rows} of its profile; ${dependence}`
    : `assumed, as there is no profile: ${rows} and ${inThousands(hypotheses)} tests; ${dependence}`;
}

function headerOf({ traffic }: BudgetExplanation): string[] {
  const [first] = traffic;
  return [
    'rows a window',
    ...(first?.detectable ?? []).map(({ horizon }) => (horizon === 'window' ? 'detectable' : 'in the hour')),
    ...(first?.delays ?? []).map(({ shift }) => `delay at ${shift} sd`),
  ];
}

function trafficRow({ rows, detectable, delays }: TrafficExplanation): string[] {
  return [
    inThousands(rows),
    ...detectable.map(({ sd }) => (sd === undefined ? 'too few rows' : `${sd.toFixed(2)} sd`)),
    ...delays.map(({ median, nineOfTen }) => `${median ?? '-'} / ${nineOfTen ?? '-'}`),
  ];
}
