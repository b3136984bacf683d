import { environmentVariable } from '../environment.ts';
import { resourceCollectors, type ResourceCollectorName } from './collectors/index.ts';
import type { ResourceCollector } from './collectors/resource-collector.ts';

export interface ResourceOptions {
  /** Only these. Default `DRIFTLINE_RESOURCES`, e.g. `host,process,gpu`, else all. */
  readonly only?: readonly ResourceCollectorName[];
  /** A DCGM exporter's page, e.g. `http://10.0.0.7:9400/metrics`. Default `DRIFTLINE_DCGM_EXPORTER`. */
  readonly dcgmExporter?: string;
}

export interface ResourceSettings {
  readonly collectors: readonly ResourceCollector[];
  readonly dcgmExporter: string | undefined;
  /** Of `@opentelemetry/instrumentation-host-metrics`, which measures these for the backend. */
  readonly hostMetricGroups: readonly string[];
}

const hostMetricGroups: Readonly<Record<string, readonly string[]>> = {
  host: ['system.cpu', 'system.memory', 'system.network'],
  process: ['process.cpu', 'process.memory'],
};

const all: readonly ResourceCollector[] = resourceCollectors;

/** Names that are none are complained of and left out: they must not stop a service. */
export function resourceSettingsOf(
  options: ResourceOptions | false | undefined,
  complain: (message: string) => void,
): ResourceSettings {
  const dcgmExporter = options === false ? undefined : options?.dcgmExporter;
  const collectors = chosen(options, complain);
  return {
    collectors,
    hostMetricGroups: collectors.flatMap(({ name }) => hostMetricGroups[name] ?? []),
    dcgmExporter: urlOf(dcgmExporter ?? environmentVariable('DRIFTLINE_DCGM_EXPORTER'), complain),
  };
}

function chosen(
  options: ResourceOptions | false | undefined,
  complain: (message: string) => void,
): readonly ResourceCollector[] {
  if (options === false) return [];
  const variable = environmentVariable('DRIFTLINE_RESOURCES');
  const names: readonly string[] | undefined = options?.only ?? variable?.split(',').map((name) => name.trim());
  if (names === undefined || names.includes('true')) return all;
  if (names.includes('false')) return [];
  const unknown = names.filter((name) => !all.some((collector) => collector.name === name));
  if (unknown.length > 0)
    complain(
      `resources "${unknown.join(', ')}" are unknown, so they are left out; known: ${all.map(({ name }) => name).join(', ')}.`,
    );
  return all.filter(({ name }) => names.includes(name));
}

function urlOf(text: string | undefined, complain: (message: string) => void): string | undefined {
  if (text === undefined || /^https?:$/.test(URL.parse(text)?.protocol ?? '')) return text;
  complain(`resources.dcgmExporter "${text}" is no http or https URL; nvidia-smi is asked instead.`);
  return undefined;
}
