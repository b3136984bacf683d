import { connectOutcomes } from '@driftline/instrumentation/outcomes';

// As the predictions were sent: the same model, version and service.
await using outcomes = connectOutcomes({ model: 'employment', version: '7', service: 'hiring-api' });

// A class counts for accuracy, a number for the mean absolute error.
outcomes.record({ prediction: { class: 'hired', score: 0.83 }, truth: 'hired', predictedAt: new Date('2026-10-31') });
