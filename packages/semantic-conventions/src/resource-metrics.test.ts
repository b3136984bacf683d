import * as conventions from '@opentelemetry/semantic-conventions/incubating';
import { expect, it } from 'vitest';
import { resourceMetrics } from './resource-metrics.ts';

const known = new Set<unknown>(Object.values(conventions));
/** By the Collector's host metrics receiver, since there is no convention. */
const isLoadAverage = (name: string) => name.startsWith('system.cpu.load_average.');
const isOurs = (name: string) => name.startsWith('driftline.');

it.each(Object.entries(resourceMetrics))("%s and its attributes are OpenTelemetry's names", (name, { attributes }) => {
  if (!isOurs(name) && !isLoadAverage(name)) expect(known).toContain(name);
  for (const attribute of Object.keys(attributes)) if (!isOurs(attribute)) expect(known).toContain(attribute);
});

it('has names of its own only where OpenTelemetry has none', () => {
  for (const name of Object.keys(resourceMetrics))
    if (isOurs(name)) expect(known).not.toContain(name.slice('driftline.'.length));
});
