import { afterEach, expect, it, vi } from 'vitest';
import { resourceCollectors } from './collectors/index.ts';
import { type ResourceOptions, resourceSettingsOf } from './resource-settings.ts';

const allNames = resourceCollectors.map(({ name }) => name);

afterEach(() => {
  vi.unstubAllEnvs();
});

function chosen(options?: ResourceOptions | false, variable?: string) {
  if (variable !== undefined) vi.stubEnv('DRIFTLINE_RESOURCES', variable);
  const complaints: string[] = [];
  const settings = resourceSettingsOf(options, (message) => complaints.push(message));
  return { ...settings, names: settings.collectors.map(({ name }) => name), complaints };
}

it('is everything unless said otherwise', () => {
  expect(chosen()).toMatchObject({ names: allNames, complaints: [] });
  expect(chosen(undefined, 'true').names).toEqual(allNames);
});

it('is nothing when switched off, not even the metrics of others', () => {
  expect(chosen(false)).toMatchObject({ names: [], hostMetricGroups: [] });
  expect(chosen(undefined, 'false').names).toEqual([]);
});

it('is what the code says, else what the environment says', () => {
  expect(chosen(undefined, 'gpu, process').names).toEqual(['process', 'gpu']);
  expect(chosen({ only: ['load'] }, 'gpu').names).toEqual(['load']);
  expect(chosen({ only: ['process'] }).hostMetricGroups).toEqual(['process.cpu', 'process.memory']);
});

it('complains of what it does not know, and goes on without', () => {
  const { names, complaints } = chosen(undefined, 'gpus,load');
  expect(names).toEqual(['load']);
  expect(complaints).toEqual([
    expect.stringContaining('resources "gpus" are unknown, so they are left out; known: host'),
  ]);
  vi.unstubAllEnvs();
  expect(chosen({ dcgmExporter: 'gpu-node:9400' })).toMatchObject({
    dcgmExporter: undefined,
    complaints: [expect.stringContaining('no http or https URL')],
  });
});
