/* Names and what they mean are modules of their own: a bundle that only names things carries no definitions. */
export * from './attribute-definitions.ts';
export * from './attribute-values.ts';
export * from './attributes.ts';
export * from './event-definitions.ts';
export * from './events.ts';
export * from './instrumentation-metrics.ts';
export type * from './metric-definition.ts';
export * from './metric-definitions.ts';
export * from './metrics.ts';
export * from './operation-metrics.ts';
export * from './prometheus-name.ts';
export * from './reserved-models.ts';
export * from './resource-attribute-definitions.ts';
export * from './resource-metrics.ts';
export * from './result-metrics.ts';
export * from './schema.ts';
export * from './self-metrics.ts';
export * from './sketch-metrics.ts';
