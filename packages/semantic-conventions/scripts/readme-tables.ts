/** Writes the tables of README.md from the registries: npx node --conditions=@driftline/source scripts/readme-tables.ts */
import { readFileSync, writeFileSync } from 'node:fs';
import { attributes, type AttributeDefinition } from '../src/attribute-definitions.ts';
import { type EventDefinitions, events } from '../src/event-definitions.ts';
import { healthMetrics } from '../src/health-metrics.ts';
import type { MetricDefinition, MetricDefinitions } from '../src/metric-definition.ts';
import { operationMetrics } from '../src/operation-metrics.ts';
import { resourceMetrics } from '../src/resource-metrics.ts';
import { prometheusName } from '../src/prometheus-name.ts';
import { resultMetrics } from '../src/result-metrics.ts';
import { selfMetrics } from '../src/self-metrics.ts';
import { sketchMetrics } from '../src/sketch-metrics.ts';

const readmePath = new URL('../README.md', import.meta.url);

const tables = {
  operations: metricTable(operationMetrics),
  sketches: metricTable(sketchMetrics),
  results: metricTable(resultMetrics),
  resources: metricTable(resourceMetrics),
  health: metricTable(healthMetrics),
  self: metricTable(selfMetrics),
  events: eventTable(events),
  attributes: attributeTable(attributes),
} as const;

export function readReadme(): string {
  return readFileSync(readmePath, 'utf8');
}

/** The text with everything between `<!-- table: x -->` and `<!-- end -->` replaced by the table x. */
export function withTables(readme: string): string {
  return Object.entries(tables).reduce((text, [name, table]) => {
    const place = new RegExp(`(<!-- table: ${name} -->\n)[^]*?(<!-- end -->)`);
    if (!place.test(text))
      throw new Error(`README.md has no place for table "${name}": add <!-- table: ${name} --> and <!-- end -->`);
    return text.replace(place, (_, before: string, after: string) => `${before}\n${table}\n\n${after}`);
  }, readme);
}

if (import.meta.main) writeFileSync(readmePath, withTables(readReadme()));

function metricTable(metrics: MetricDefinitions): string {
  return markdownTable(
    ['metric', 'instrument, unit', 'Prometheus', 'attributes', 'what it says'],
    Object.entries(metrics).map(([name, metric]) => [
      code(name),
      `${metric.instrument}, ${code(metric.unit)}`,
      code(prometheusName({ name, ...metric })),
      attributeList(metric),
      metric.brief + bounds(metric) + optIn(metric),
    ]),
  );
}

function eventTable(events: EventDefinitions): string {
  return markdownTable(
    ['event', 'severity number', 'attributes', 'what it says'],
    Object.entries(events).map(([name, event]) => [
      code(name),
      event.severities.join(', '),
      event.attributes.map(code).join(' '),
      event.brief + optIn(event),
    ]),
  );
}

function attributeTable(attributes: Readonly<Record<string, AttributeDefinition>>): string {
  return markdownTable(
    ['attribute', 'type', 'stability', 'what it says'],
    Object.entries(attributes).map(([name, attribute]) => [
      code(name),
      attribute.type,
      attribute.stability,
      attribute.brief + wellKnownValues(attribute),
    ]),
  );
}

/** `?` marks what is present only where it applies. */
function attributeList({ attributes }: MetricDefinition): string {
  return Object.entries(attributes)
    .map(([name, level]) => code(name) + (level === 'required' ? '' : '?'))
    .join(' ');
}

function bounds({ bounds }: MetricDefinition): string {
  return bounds === undefined ? '' : ` Boundaries: ${bounds.join(', ')}.`;
}

function optIn({ isOptIn }: { readonly isOptIn?: boolean }): string {
  return isOptIn === true ? ' Off by default.' : '';
}

function wellKnownValues({ values, isOpen }: AttributeDefinition): string {
  return values === undefined
    ? ''
    : ` ${values.map((value) => code(String(value))).join(', ')}${isOpen === true ? ', or others' : ''}.`;
}

function code(text: string): string {
  return `\`${text}\``;
}

function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((_, column) => Math.max(...[header, ...rows].map((cells) => (cells[column] ?? '').length)));
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width)).join(' | ')} |`;
  return [line(header), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
