/** Writes the tables of docs/resources.md from the registries: npx node --conditions=@driftline/source scripts/resource-tables.ts */
import { readFileSync, writeFileSync } from 'node:fs';
import { resourceCollectors } from '../src/resources/collectors/index.ts';
import type { ResourceCollector } from '../src/resources/collectors/resource-collector.ts';
import { gpuSources } from '../src/resources/gpu/sources/index.ts';
import type { GpuSource } from '../src/resources/gpu/sources/gpu-source.ts';

const pagePath = new URL('../../../docs/resources.md', import.meta.url);

const collectors: readonly ResourceCollector[] = resourceCollectors;
const sources: readonly GpuSource[] = gpuSources;

const tables = {
  collectors: markdownTable(
    ['name', 'question', 'where', 'to your backend', 'also to the drift service'],
    collectors.map(({ name, answers, platforms, metrics, copies }) => [
      code(name),
      answers,
      platforms === 'all' ? 'everywhere' : platforms.join(', '),
      metrics.map(code).join(' '),
      copies.map(code).join(' '),
    ]),
  ),
  gpus: markdownTable(
    ['asked', 'vendor', 'tells'],
    sources.map(({ name, vendor, answers, ask }) => [
      'program' in ask ? code([ask.program.name, ...ask.program.readings].join(' ')) : `${name}, its page`,
      vendor,
      answers,
    ]),
  ),
} as const;

export function readPage(): string {
  return readFileSync(pagePath, 'utf8');
}

export function withTables(page: string): string {
  return Object.entries(tables).reduce((text, [name, table]) => {
    const place = new RegExp(`(<!-- table: ${name} -->\n)[^]*?(<!-- end -->)`);
    if (!place.test(text)) throw new Error(`docs/resources.md has no place for table "${name}"`);
    return text.replace(place, (_, before: string, after: string) => `${before}\n${table}\n\n${after}`);
  }, page);
}

if (import.meta.main) writeFileSync(pagePath, withTables(readPage()));

function code(text: string): string {
  return `\`${text}\``;
}

function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((_, column) => Math.max(...[header, ...rows].map((cells) => (cells[column] ?? '').length)));
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width)).join(' | ')} |`;
  return [line(header), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
