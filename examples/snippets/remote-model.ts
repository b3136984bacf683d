import { monitorModel } from '@driftline/instrumentation';
import { callModel, type Transaction } from './your-service.ts';

const fraud = monitorModel({
  name: 'fraud',
  version: '7',
  features: { amount: 'numeric', country: ['de', 'fr', 'pl'] }, // countries beyond these count as _unseen
});

// A CLIENT span and ml.client.prediction.duration; the answer { score } needs no mapper.
export const score = fraud.wrap((tx: Transaction) => callModel(tx), { remote: { address: 'models', port: 8080 } });
