import { monitorModel } from '@driftline/instrumentation';
import { startDriftline } from '@driftline/instrumentation/node';
import profile from './employment.profile.json' with { type: 'json' };
import { type Applicant, app, session, toTensor } from './your-service.ts';

startDriftline({ service: 'hiring-api' });
const employment = monitorModel({ profile }); // name, version, features, edges: from the profile

const predict = employment.wrap(
  async (applicant: Applicant) => (await session.run({ input: toTensor(applicant) })).probability,
  {
    id: ({ id }) => id,
    features: ({ age, state, hours }) => ({ age, state, hours }),
    prediction: ({ data }) => ({ score: data[0] }),
  },
);

app.post('/score', async (applicant) => predict(applicant)); // call sites do not change
