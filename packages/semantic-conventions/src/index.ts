export * from './attribute-values.ts';
export * from './attributes.ts';
export * from './events.ts';
export type * from './metric-definition.ts';
export * from './metrics.ts';
export * from './prometheus-name.ts';
export * from './reserved-models.ts';
export * from './schema.ts';
