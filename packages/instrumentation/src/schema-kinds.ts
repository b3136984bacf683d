import type { FeatureDefinition, FeatureDefinitions } from '@driftline/sketches';
import type { SchemaLike } from './features.ts';
import { isRecord } from './is-record.ts';

/** Kinds and categories from the JSON Schema that Standard JSON Schema libraries (zod, valibot, arktype) give. */
export function featuresOfSchema(schema: SchemaLike): FeatureDefinitions | undefined {
  const standard = schema['~standard'];
  const jsonSchema: unknown = 'jsonSchema' in standard ? standard.jsonSchema : undefined;
  if (!isRecord(jsonSchema) || typeof jsonSchema.output !== 'function') return undefined;
  const described: unknown = jsonSchema.output({ target: 'draft-2020-12' });
  const properties = isRecord(described) ? described.properties : undefined;
  if (!isRecord(properties)) return undefined;
  return Object.fromEntries(
    Object.entries(properties).flatMap(([name, property]) => {
      const declared = declaredFeature(property);
      return declared === undefined ? [] : [[name, declared]];
    }),
  );
}

function declaredFeature(property: unknown): FeatureDefinition | undefined {
  if (!isRecord(property)) return undefined;
  const { type, enum: values, anyOf } = property;
  // Categories that a schema lists are no raw user values.
  if (Array.isArray(values)) return { kind: 'categorical', categories: values.map(String) };
  // `nullable()` and `optional()` say { anyOf: [{ type: 'number' }, { type: 'null' }] }.
  if (Array.isArray(anyOf)) return anyOf.map(declaredFeature).find((declared) => declared !== undefined);
  const types: readonly unknown[] = Array.isArray(type) ? type : [type];
  if (types.includes('number') || types.includes('integer')) return { kind: 'numeric' };
  if (types.includes('boolean')) return { kind: 'categorical', categories: ['true', 'false'] };
  if (types.includes('string')) return { kind: 'categorical' };
  return types.includes('array') ? { kind: 'embedding' } : undefined;
}
