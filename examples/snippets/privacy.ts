import { hashKey, monitorModel } from '@driftline/instrumentation';

export const loans = monitorModel({
  name: 'loans',
  features: { age: 'numeric', income: 'numeric', zip: 'categorical', customer: 'categorical' },
  privacy: {
    allow: ['age', 'income', 'zip', 'customer', 'ml.prediction.score'], // nothing without it; or 'all'
    deny: ['income'], // wins
    round: { age: 5, 'ml.prediction.score': 0.01 },
    truncate: { zip: 3 },
    hash: ['customer'],
    key: hashKey(process.env['HASH_KEY'] ?? crypto.randomUUID()), // hashKey() reads DRIFTLINE_HASH_KEY
  },
});
