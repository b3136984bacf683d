import { InvalidFeaturesError, monitorModel } from '@driftline/instrumentation';
import { z } from 'zod';

const hiring = monitorModel({
  name: 'hiring',
  version: '3',
  features: z.object({ age: z.number().min(18), state: z.enum(['CA', 'NY', 'TX']) }),
  validate: 'refuse', // without it, rows that do not match are counted and go on
  quality: { duplicates: true, distinct: ['age'] },
});

const predict = hiring.wrap((applicant: { age: number; state: 'CA' | 'NY' | 'TX' }) => ({
  score: applicant.age / 100,
}));

predict({ age: 34, state: 'NY' });
try {
  predict({ age: 7, state: 'NY' });
} catch (error) {
  if (!(error instanceof InvalidFeaturesError)) throw error;
  console.log(error.violations); // { age: ['too_small'] }
}
