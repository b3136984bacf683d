import { monitorModel, startDriftline } from '@driftline/instrumentation';
import profile from './employment.profile.json' with { type: 'json' };
import { readRows, scoreColumns } from './your-service.ts';

await using driftline = startDriftline({ service: 'nightly-scoring' }); // flushed at the end of the block
const employment = monitorModel({ profile });

for await (const { age, hours, state, at } of readRows()) {
  employment.recordColumns({
    features: { age, hours, state },
    predictions: scoreColumns({ age, hours, state, at }),
    at, // event time: rows of the past count for the past
  });
  await driftline.flush();
}
