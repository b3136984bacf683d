import { connectOutcomes } from '@driftline/instrumentation/outcomes';

await using outcomes = connectOutcomes({ model: 'employment' });

// Joined by the id of the prediction, where its monitor has outcomes: { joinById: true } ...
outcomes.record({ id: 'app-17', truth: true, at: new Date('2026-11-01') });
// ... or with the prediction, which needs no join.
outcomes.record({ prediction: { score: 0.83 }, truth: 1, predictedAt: new Date('2026-10-31') });
