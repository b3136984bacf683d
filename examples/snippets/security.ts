import { monitorModel } from '@driftline/instrumentation';
import profile from './employment.profile.json' with { type: 'json' };
import { type Applicant, session, toTensor } from './your-service.ts';

const employment = monitorModel({ profile });

export const predict = employment.wrap(
  async (applicant: Applicant, _apiKey: string) => (await session.run({ input: toTensor(applicant) })).probability,
  {
    caller: (_applicant, apiKey) => apiKey, // compared with other callers, and forgotten with the process
    features: ({ age, state, hours }) => ({ age, state, hours }),
    prediction: ({ data }) => ({ score: data[0] }),
  },
);

/** After every request, in whatever framework: what was answered 400, 401, 403, 413, 415, 422 or 429 is counted. */
export function onAnswer(status: number): void {
  employment.recordRefusal(status);
}
