import { describeError, faults } from './faults.ts';
import { openLane } from './lane/open-lane.ts';
import type { LaneStatus } from './lane/sketch-lane.ts';
import type { Outcome } from './prediction.ts';
import { outcomeEvent } from './prediction-events.ts';
import { type PrivacyOptions, PrivacyPolicy } from './privacy.ts';
import { resourceAttributes } from './resource.ts';
import { type DriftlineOptions, settingsOf } from './settings.ts';

export type { Outcome, Prediction } from './prediction.ts';

export interface OutcomesOptions extends Pick<DriftlineOptions, 'endpoint' | 'headers' | 'resource' | 'disabled'> {
  /** Model, version and service as the predictions state them: outcomes with other ones are counted for another model. */
  readonly model: string;
  readonly version?: string;
  /** The service that made the predictions, not the one that knows the truth. Default as for `startDriftline`. */
  readonly service?: string;
  /** As `monitorModel({ privacy })`, so that ids which it rounds, cuts or hashes still find their predictions. */
  readonly privacy?: PrivacyOptions<never>;
}

export interface Outcomes extends AsyncDisposable {
  /** Never throws. Await `flush()` now and then where there are many: at most 8 MiB wait. */
  record(outcome: Outcome | readonly Outcome[]): void;
  /** Sends everything recorded so far. Never rejects: what fails is kept, and counted in `status()`. */
  flush(): Promise<void>;
  status(): Pick<LaneStatus, 'endpoint' | 'keptUnits' | 'droppedRows'>;
}

const SHUTDOWN_MS = 10_000;
const MINUTE_MS = 60_000;

/** Ground truth from somewhere else than the model's process: a job, a back office, a notebook. */
export function connectOutcomes({ model, version, privacy, ...options }: OutcomesOptions): Outcomes {
  const settings = settingsOf(options, (message) => faults.count({ stage: 'settings', message }));
  const lane = openLane({ ...settings, periodMs: MINUTE_MS }, () => resourceAttributes(options));
  if (!settings.isDisabled) lane.start();
  const told = { name: model, version, privacy: privacy && new PrivacyPolicy(privacy) };
  const record = (outcome: Outcome): void => {
    try {
      lane.addEvent(outcomeEvent(told, outcome, Date.now()));
    } catch (error) {
      faults.count({
        stage: 'outcome',
        model,
        message: `record() of outcomes of "${model}": ${describeError(error)}.`,
      });
    }
  };
  return {
    record: (outcome) => {
      if (!settings.isDisabled) for (const one of isMany(outcome) ? outcome : [outcome]) record(one);
    },
    flush: () => lane.flush(),
    status: () => lane.status,
    [Symbol.asyncDispose]: () => lane.shutdown({ timeoutMs: SHUTDOWN_MS }),
  };
}

function isMany(outcome: Outcome | readonly Outcome[]): outcome is readonly Outcome[] {
  return Array.isArray(outcome);
}
