import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as conventions from './index.ts';
import {
  type AttributeDefinition,
  attributes,
  events,
  metrics,
  operationMetrics,
  resultMetrics,
  sketchEvents,
  sketchMetrics,
} from './index.ts';

const constants: readonly (readonly [string, unknown])[] = Object.entries(conventions);
const namesStarting = (prefix: string) =>
  constants.flatMap(([constant, name]) =>
    constant.startsWith(prefix) && typeof name === 'string' && !constant.includes('_VALUE_')
      ? [{ constant, name }]
      : [],
  );
const inCapitals = (name: string) => name.toUpperCase().replaceAll('.', '_');
const matching = (names: object, pattern: RegExp) => Object.keys(names).filter((name) => pattern.test(name));

describe('constants and registries', () => {
  it.each([
    ['ATTR_', attributes],
    ['METRIC_', metrics],
    ['EVENT_', events],
  ])('%s* names exactly what its registry defines', (prefix, registry) => {
    expect(new Set(namesStarting(prefix).map(({ name }) => name))).toEqual(new Set(Object.keys(registry)));
  });

  it('names each constant after its value, as OpenTelemetry does', () => {
    for (const prefix of ['ATTR_', 'METRIC_', 'EVENT_'])
      for (const { constant, name } of namesStarting(prefix)) expect(constant).toBe(prefix + inCapitals(name));
  });

  it('names each well-known value after its attribute, and lists it there where the attribute has a list', () => {
    const values = constants.filter(([constant]) => constant.includes('_VALUE_'));
    const listed: readonly (readonly [string, AttributeDefinition])[] = Object.entries(attributes);
    for (const [constant, value] of values) {
      const owners = listed.filter(([name]) => constant.startsWith(`${inCapitals(name)}_VALUE_`));
      expect(owners, constant).not.toEqual([]);
      for (const [, { values }] of owners) if (values !== undefined) expect(values).toContain(value);
    }
  });
});

describe("OpenTelemetry's naming rules", () => {
  const wellFormed = /^[a-z][a-z0-9]*([._][a-z0-9]+)*$/;

  it.each([...Object.keys(attributes), ...Object.keys(metrics), ...Object.keys(events)])(
    '%s is well formed',
    (name) => {
      expect(name).toMatch(wellFormed);
    },
  );

  it.each([
    ['attribute', attributes],
    ['metric', metrics],
    ['event', events],
  ])('no %s is also a namespace', (_, registry) => {
    const names = Object.keys(registry);
    for (const name of names) expect(names.filter((other) => other.startsWith(`${name}.`))).toEqual([]);
  });

  it('says what every name means, in a sentence', () => {
    for (const { brief } of [attributes, metrics, events].flatMap((registry) => Object.values(registry)))
      expect(brief).toMatch(/^[^]*\S\.{1,3}$/);
  });

  it('gives boundaries that are strictly increasing', () => {
    for (const metric of Object.values(operationMetrics))
      if ('bounds' in metric) expect(metric.bounds).toEqual([...new Set(metric.bounds)].toSorted((a, b) => a - b));
  });
});

describe('the split by name that keeps sketches from vendors', () => {
  const pipeline = readFileSync(new URL('../../../otel-collector/pipelines/driftline.yaml', import.meta.url), 'utf8');
  const patternOf = (field: string) => {
    const [, pattern] = pipeline.match(new RegExp(`not IsMatch\\(${field}, "([^"]+)"\\)`)) ?? [];
    if (pattern === undefined) throw new Error(`the pipeline selects no ${field}`);
    return new RegExp(pattern.replaceAll('\\\\', '\\'));
  };

  it('takes all sketch metrics and nothing else', () => {
    expect(matching(metrics, patternOf('metric.name'))).toEqual(Object.keys(sketchMetrics));
  });

  it('takes all sketch events and nothing else', () => {
    expect(matching(events, patternOf('log.event_name'))).toEqual(Object.keys(sketchEvents));
  });

  it('leaves model and version on everything a backend shows', () => {
    for (const metric of Object.values({ ...operationMetrics, ...resultMetrics }))
      expect(Object.keys(metric.attributes)).toEqual(expect.arrayContaining(['ml.model.name', 'ml.model.version']));
  });
});

describe('the schema file', () => {
  const schemas = new URL('../schemas/', import.meta.url);

  it('stands at the URL that telemetry states, for every version', () => {
    expect(conventions.SCHEMA_URL.endsWith(`/schemas/${conventions.SCHEMA_VERSION}`)).toBe(true);
    const text = readFileSync(new URL(conventions.SCHEMA_VERSION, schemas), 'utf8');
    expect(text).toMatch(/^file_format: 1\.1\.0\n/);
    expect(text).toContain(`\nschema_url: ${conventions.SCHEMA_URL}\n`);
    for (const version of readdirSync(schemas)) expect(text).toContain(`\n  ${version}:`);
  });

  it('is among the files of the package, whose version it does not exceed', () => {
    const { files } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
    expect(files).toContain('schemas');
  });
});
