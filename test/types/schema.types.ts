/** Compiled, never run: features from a Standard Schema. */
import { monitorModel } from '@driftline/instrumentation';
import { z } from 'zod';

const applicant = z.object({ age: z.number(), state: z.enum(['CA', 'NY']), employed: z.boolean().optional() });
export const monitor = monitorModel({ name: 'employment', features: applicant, kinds: { age: 'categorical' } });

export const scored = monitor.wrap((row: z.infer<typeof applicant>) => ({ score: row.age / 100 }));
monitor.record({ features: { age: 3, state: 'CA' } });
// @ts-expect-error "TX" is no state of the schema
monitor.record({ features: { state: 'TX' } });
