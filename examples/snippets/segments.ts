import { monitorModel, startDriftline } from '@driftline/instrumentation';
import { callModel, tenants } from './your-service.ts';

startDriftline({ service: 'hiring-api' });
const fraud = monitorModel({
  name: 'fraud',
  version: '7',
  features: { amount: 'numeric', country: 'categorical' },
  segments: ['country'], // a feature; a profile built with --segment country says so by itself
});

const score = fraud.wrap((tx: { amount: number; country: string; tenant: string }) => callModel(tx), {
  features: ({ amount, country }) => ({ amount, country }),
  segment: ({ tenant }) => ({ tenant: tenants[tenant] ?? 'trial' }), // no feature, but known of the call
});
await score({ amount: 18.2, country: 'DE', tenant: 'acme' });

fraud.recordColumns({
  features: { amount: [3.5, 7.1], country: ['FR', 'DE'] },
  segment: { tenant: ['enterprise', 'trial'] }, // one a row, or one for all
});
fraud.recordOutcome({
  prediction: { score: 0.83 },
  truth: 1,
  predictedAt: Date.now(),
  segment: { country: 'DE' }, // performance of one segment
});
