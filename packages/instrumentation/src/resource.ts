import type { Span } from '@opentelemetry/api';
import { ATTR_SERVICE_INSTANCE_ID, ATTR_SERVICE_NAME } from '@driftline/semantic-conventions';
import { environmentVariable, keyValueList } from './environment.ts';
import { faults } from './faults.ts';
import type { DriftlineOptions } from './settings.ts';

export type ResourceAttributes = Readonly<Record<string, string | number | boolean>>;

let fromSpan: ResourceAttributes | undefined;

/** The API tells nobody the SDK's resource, but every recording span of SDK 2 and 3 carries it. */
export function learnResourceFrom(span: Span): void {
  if (fromSpan !== undefined || !('resource' in span)) return;
  const { resource } = span;
  if (typeof resource !== 'object' || resource === null || !('attributes' in resource)) return;
  const { [ATTR_SERVICE_NAME]: name, ...others } = primitives(resource.attributes);
  fromSpan = { ...others, ...(isChosenName(name) && { [ATTR_SERVICE_NAME]: name }) };
}

/** An SDK that was told no name says `unknown_service:node`. */
const isChosenName = (name: unknown): name is string => typeof name === 'string' && !name.startsWith('unknown_service');

/** Two processes with one resource must still be told apart. */
const instanceId = crypto.randomUUID();

export function resourceAttributes(options: Pick<DriftlineOptions, 'service' | 'resource'>): ResourceAttributes {
  const environmentName = environmentVariable('OTEL_SERVICE_NAME');
  return {
    [ATTR_SERVICE_INSTANCE_ID]: instanceId,
    ...keyValueList(environmentVariable('OTEL_RESOURCE_ATTRIBUTES')),
    ...(environmentName !== undefined && { [ATTR_SERVICE_NAME]: environmentName }),
    ...fromSpan,
    ...options.resource,
    ...(options.service !== undefined && { [ATTR_SERVICE_NAME]: options.service }),
  };
}

/** A model is told from its namesakes by its service. */
export function withServiceName(resource: ResourceAttributes): ResourceAttributes {
  if (resource[ATTR_SERVICE_NAME] !== undefined) return resource;
  faults.sayOnce(
    'unknown_service',
    'the service has no name, so its sketches leave as "unknown_service". Set startDriftline({ service }) or OTEL_SERVICE_NAME.',
  );
  return { ...resource, [ATTR_SERVICE_NAME]: 'unknown_service' };
}

/** Some detectors promise attributes for later: those that are there now count. */
function primitives(attributes: unknown): ResourceAttributes {
  if (typeof attributes !== 'object' || attributes === null) return {};
  return Object.fromEntries(
    Object.entries(attributes).filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value)),
  );
}
