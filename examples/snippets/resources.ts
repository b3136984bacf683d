import { startDriftline } from '@driftline/instrumentation/node';

export const driftline = startDriftline({
  service: 'hiring-api',
  resources: { only: ['host', 'process', 'container', 'gpu'], dcgmExporter: 'http://10.0.0.7:9400/metrics' },
});
