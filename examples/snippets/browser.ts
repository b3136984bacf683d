import { monitorModel, startDriftline } from '@driftline/instrumentation';

startDriftline({
  service: 'shop-web',
  endpoint: 'https://telemetry.example.com',
  privacy: { minimumRows: 10 }, // no fewer rows ever leave
});
export const ranking = monitorModel({ name: 'ranking', version: '3', features: { price: 'numeric', rank: 'numeric' } });
