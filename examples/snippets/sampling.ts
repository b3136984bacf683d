import { startDriftline } from '@driftline/instrumentation';

export const driftline = startDriftline({
  service: 'hiring-api',
  sampling: { ratio: 0.05, slowMs: 250 }, // and whatever failed or was anomalous
});
