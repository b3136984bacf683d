import { createHealth, dataQualityCheck, driftService, modelCheck, systemCheck } from '@driftline/health';
import { monitorModel, startDriftline } from '@driftline/instrumentation';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { z } from 'zod';
import { Flight } from './flight.ts';
import profile from './flights.profile.json' with { type: 'json' };
import { type LateArrivalModel, loadLateArrivalModel } from './late-arrival-model.ts';

export const Prediction = z.object({ class: z.enum(['late', 'on time']), score: z.number() });
export type Prediction = z.infer<typeof Prediction>;

/** How a flight ended: the prediction that was made for it, and what became true. */
export const Outcome = z.object({
  prediction: Prediction,
  predictedAt: z.coerce.date(),
  late: z.boolean(),
  knownAt: z.coerce.date(),
});
export type Outcome = z.infer<typeof Outcome>;

export interface FlightServiceOptions {
  readonly port: number;
  readonly driftServiceUrl: string;
}

export interface FlightService extends AsyncDisposable {
  readonly app: Hono;
  /** The model as the service calls it, and without anybody watching. */
  readonly predict: LateArrivalModel;
  readonly unwatched: LateArrivalModel;
  /** Sends the sketches of all that was recorded so far; without it they leave once a period. */
  flush(): Promise<void>;
}

const DAY_MS = 24 * 3_600_000;

/** A service as you may have one: says how likely a flight is to arrive late. All of Driftline in it is marked. */
export async function startFlightService({ port, driftServiceUrl }: FlightServiceOptions): Promise<FlightService> {
  // Driftline, 1 of 4: where sketches go. A period is a minute by default; these flights are a few in an hour.
  const driftline = startDriftline({ service: 'flights', endpoint: driftServiceUrl, intervalMs: DAY_MS });
  const lateArrival = monitorModel({ profile });

  // 2 of 4: the call is watched, and stays the same call. `at`, since these flights left years ago.
  const model = await loadLateArrivalModel();
  const predict = lateArrival.wrap(model, {
    features: ({ id: _id, at: _at, ...features }) => features,
    prediction: (score) => ({ score }),
    at: ({ at }) => at,
  });

  const app = new Hono();
  app.post('/predictions', async (context) => {
    const flight = Flight.parse(await context.req.json());
    const score = await predict(flight);
    return context.json({ class: score >= 0.5 ? 'late' : 'on time', score } satisfies Prediction);
  });
  app.post('/outcomes', async (context) => {
    const { prediction, predictedAt, late, knownAt } = Outcome.parse(await context.req.json());
    // 3 of 4: the truth, hours later, with the prediction that it belongs to.
    lateArrival.recordOutcome({ prediction, predictedAt, truth: late ? 'late' : 'on time', at: knownAt });
    return context.body(null, 204);
  });
  app.onError((error, context) => {
    if (error instanceof z.ZodError) return context.json({ error: z.prettifyError(error) }, 400);
    if (error instanceof SyntaxError) return context.json({ error: error.message }, 400);
    return context.json({ error: 'the model did not answer' }, 500);
  });

  // 4 of 4: what a load balancer and a person on call ask.
  const health = createHealth({
    service: { serviceId: 'flights', version: profile.model.version },
    details: 'everybody', // it listens on loopback
    checks: {
      model: modelCheck({ predict: () => predict.with({ skip: true })(knownFlight), expected: KNOWN_SCORE }),
      system: systemCheck({}),
      data: dataQualityCheck({
        ask: driftService(driftServiceUrl, { model: profile.model.name }),
        everyMs: 1_000,
        silentAfterMs: Number.POSITIVE_INFINITY,
      }),
    },
  });
  app.route('/', health.routes);
  health.start();
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port });

  return {
    app,
    predict,
    unwatched: model,
    flush: () => driftline.flush(),
    [Symbol.asyncDispose]: async () => {
      await health.close();
      server.close();
      await driftline.shutdown();
    },
  };
}

/** The first flight of the reference, with the answer that the model gave where it was trained. */
const knownFlight: Flight = {
  id: 'reference-1',
  at: new Date('2013-01-03T13:00:00Z'),
  hour: 8,
  distance: 1400,
  planned_time: 247,
  departures: 29,
  recent_delay: 12.04,
  seats: 191,
  aircraft_age: 1,
  temperature: 46.04,
  precipitation: 0,
  carrier: 'UA',
  origin: 'EWR',
  weekday: 'Thursday',
};
const KNOWN_SCORE = 0.2586343288421631;
