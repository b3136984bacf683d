import { z } from 'zod';
import { settingsSchema } from './schema.ts';

export const SETTINGS_SCHEMA_URL = 'https://unpkg.com/@driftline/collector-processor/driftline.schema.json';

/** What editors need to complete and check driftline.yaml. */
export function settingsJsonSchema(): Readonly<Record<string, unknown>> {
  return {
    $id: SETTINGS_SCHEMA_URL,
    title: 'Settings of the Driftline drift service',
    ...z.toJSONSchema(settingsSchema, { io: 'input' }),
  };
}
