import { monitorModel, rowAnomalies } from '@driftline/instrumentation';
import profile from './employment.profile.json' with { type: 'json' };

export const employment = monitorModel({
  profile,
  anomalies: rowAnomalies,
  sampling: { ratio: 0.05, anomalyScore: 5 }, // and a span for each row from this score on
});
