import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseSettings, SettingsError } from '@driftline/collector-processor';
import { attributes, events, metrics, prometheusName, resultMetrics } from '@driftline/semantic-conventions';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Alert } from '../packages/collector-processor/src/alert/alert.ts';
import { channelOf, channelSettings } from '../packages/collector-processor/src/alert/channels/index.ts';
import { notificationOf } from '../packages/collector-processor/src/alert/notification.ts';
import { readYaml } from '../packages/collector-processor/src/settings/yaml-source.ts';
import { collector } from './components/collector.ts';
import { obtain } from './components/component.ts';
import { commandsIn, type FencedBlock, fencedBlocks } from './support/fenced-blocks.ts';
import { employment } from './support/measurements.ts';
import { ReaderAtWork } from './support/reader-at-work.ts';
import { documents, read, repositoryRoot } from './support/source-files.ts';

const run = promisify(execFile);
const available = await obtain(collector);
const otelcol = available.state === 'available' ? available.path : undefined;

const pages = documents()
  .filter((path) => path === 'README.md' || path === 'otel-collector/README.md' || path.startsWith('docs/'))
  .map((path) => ({ path, text: read(path), blocks: fencedBlocks(read(path)) }));

/** A file that is run elsewhere. */
const isExample = (label: string): boolean => /^(?:packages\/\w+\/)?examples\//.test(label);

/** `text` is for drawings and for what was captured from a run that nobody can repeat to the letter. */
const isChecked = ({ language, label }: FencedBlock): boolean =>
  ['sh', 'console', 'promql', 'text'].includes(language) ||
  isExample(label) ||
  (language === 'yaml' && ['driftline.yaml', 'collector', 'prometheus.yml', 'prometheus rules'].includes(label)) ||
  (language === 'json' && label === 'webhook body');

describe.each(pages)('$path', ({ path, text, blocks }) => {
  const named = (label: string) => blocks.filter((block) => block.label === label);

  it('has only blocks that are checked here', () => {
    expect(blocks.filter((block) => !isChecked(block)).map(({ line }) => `${path}:${line}`)).toEqual([]);
  });

  it('shows snippets as they are', () => {
    for (const { label, text } of blocks.filter(({ label }) => isExample(label))) expect(text).toBe(read(label));
  });

  it('has settings without problems', () => {
    for (const { text } of named('driftline.yaml')) expect(() => settingsOf(text)).not.toThrow();
  });

  it('names telemetry that exists', () => {
    const inPrometheus = [...text.matchAll(/\b(?:ml|driftline)_[a-z0-9_]+\b/g)].map(([name]) => name);
    expect(inPrometheus.filter((name) => !prometheusWords.has(name))).toEqual([]);
    const inOtlp = [...text.matchAll(/`((?:ml|driftline)\.[a-z_.]+)`/g)].map(([, name = '']) => name);
    expect(inOtlp.filter((name) => name !== 'driftline.yaml' && !otlpNames.has(name))).toEqual([]);
  });

  it('has YAML that can be read', () => {
    for (const block of [...named('prometheus.yml'), ...named('prometheus rules')])
      expect(readYaml(block.text, surroundings(block.text)).problems).toEqual([]);
  });

  it('shows commands that work, and what they print', async () => {
    await using reader = await ReaderAtWork.begin(otelcol === undefined ? {} : { 'otelcol-driftline': otelcol });
    for (const { command, output } of blocks.flatMap(commandsIn).filter(({ command }) => isOurs(command))) {
      const ran = await reader.run(command);
      expect.soft(ran, command).toEqual({ status: 0, output: output ?? ran.output });
    }
  });

  it.skipIf(otelcol === undefined)('has configuration that the real collector takes', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'driftline-docs-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const [yours, added] = [join(folder, 'yours.yaml'), join(folder, 'added.yaml')];
    await writeFile(yours, existingCollector);
    for (const { text } of named('collector')) {
      await writeFile(added, text);
      await run(`${otelcol}`, ['validate', '--config', yours, '--config', added], { cwd: folder });
    }
  });
});

describe('README.md', () => {
  const rows = [...read('README.md').matchAll(/^\| `(\w+: \{.*\})` +\|/gm)].map(([, setting = '']) => setting);

  it('lists what is not built', () => expect(rows.length).toBeGreaterThan(0));

  it.each(rows)('says rightly that %s is not built yet', (setting) => {
    expect(() => settingsOf(setting)).toThrow(SettingsError);
    expect(() => settingsOf(setting)).toThrow(/is not built yet; /);
  });
});

describe('docs/dashboards.md', () => {
  const page = read('docs/dashboards.md');

  it.each(Object.entries(resultMetrics))('has a row for %s', (name, { unit, instrument }) => {
    expect(page).toContain(`\`${prometheusName({ name, unit, instrument })}\``);
  });
});

describe('docs/alerts.md', () => {
  it('shows the body of a webhook as it leaves', () => {
    const shown: string =
      pages.flatMap(({ blocks }) => blocks).find(({ label }) => label === 'webhook body')?.text ?? '';
    const { seq, since, activeSince, ...told } = JSON.parse(shown);
    const alert: Alert = {
      ...told,
      model: employment,
      transition: seq,
      windows: 2,
      since: Date.parse(since),
      activeSince: Date.parse(activeSince),
      direction: 'higher',
    };
    const settings = channelSettings.parse({ type: 'webhook', url: 'https://hooks.example.com' });
    const { body } = channelOf(settings).message(notificationOf(alert, 'firing'), settings);
    expect(JSON.parse(String(body))).toEqual(JSON.parse(shown));
  });
});

/** npm is tested by `test/end-to-end/packages.test.ts`; the collector is there or not. */
function isOurs(command: string): boolean {
  return !command.startsWith('npm ') && !(otelcol === undefined && command.startsWith('otelcol'));
}

function settingsOf(text: string): unknown {
  return parseSettings({ text, file: 'driftline.yaml', directory: repositoryRoot, ...surroundings(text) });
}

/** Every variable is set, and every secret is there. */
function surroundings(text: string) {
  const names = [...text.matchAll(/\$\{(\w+)/g)].map(([, name = '']) => [name, 'https://example.com']);
  return { environment: Object.fromEntries(names), readSecretFile: () => 'https://example.com' };
}

const existingCollector = `
receivers: { otlp: { protocols: { http: { endpoint: 127.0.0.1:4318 } } } }
exporters: { otlp_http: { endpoint: https://example.com } }
service: { pipelines: { traces: { receivers: [otlp], exporters: [otlp_http] } } }
`;

const otlpNames = new Set([...Object.keys(metrics), ...Object.keys(attributes), ...Object.keys(events)]);

const prometheusWords = new Set([
  ...Object.keys(attributes).map((name) => name.replaceAll('.', '_')),
  ...Object.entries(metrics).flatMap(([name, { unit, instrument }]) => {
    const prometheus = prometheusName({ name, unit, instrument });
    return [prometheus, ...['_bucket', '_sum', '_count'].map((suffix) => prometheus + suffix)];
  }),
]);
