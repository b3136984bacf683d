import { connectOutcomes } from '@driftline/instrumentation/outcomes';

await using outcomes = connectOutcomes({ model: 'employment' });

// A class counts for accuracy, a number for the mean absolute error.
outcomes.record({ prediction: { class: 'hired', score: 0.83 }, truth: 'hired', predictedAt: new Date('2026-10-31') });
