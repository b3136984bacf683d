import {
  defineModelHealthTest,
  latencyTest,
  memoryTest,
  performanceTest,
  predictionTest,
  startupTest,
} from '@driftline/health';
import { type Flight, readFlights } from './flight.ts';
import profile from './flights.profile.json' with { type: 'json' };
import { loadLateArrivalModel } from './late-arrival-model.ts';

/** Flights that the model was not trained on, of the same months. */
const flights = (await readFlights('held-back')).filter(({ late }) => late !== null).slice(0, 2_000);
const some = flights.slice(0, 100);

/** The first flight of the reference, with the answer that the model gave where it was trained. */
const golden: { readonly input: Flight; readonly answer: number } = {
  input: {
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
  },
  answer: 0.2586343288421631,
};

export default defineModelHealthTest({
  model: profile.model,
  load: loadLateArrivalModel,
  tests: {
    predictions: predictionTest({
      golden: [golden],
      inputs: some,
      form: { shape: [], min: 0, max: 1 },
      invariances: [
        { says: 'the number of a flight does not matter', change: (flight) => ({ ...flight, id: 'another' }) },
      ],
      directions: [
        {
          says: 'longer delays before make a delay likelier',
          change: (flight) => ({ ...flight, recent_delay: (flight.recent_delay ?? 0) + 60 }),
          answer: 'not lower',
          exceptions: 0.05,
        },
      ],
    }),
    performance: performanceTest({
      rows: flights.map((flight) => ({ input: flight, truth: flight.late === true ? 'late' : 'on time' })),
      read: (score: number) => ({ class: score >= 0.5 ? 'late' : 'on time', score }),
      positive: 'late',
      metrics: { accuracy: { limit: 0.7 }, roc_auc: { limit: 0.65 }, log_loss: { limit: 0.55 } },
    }),
    latency: latencyTest({ inputs: some, budget: { p50Ms: 5, p99Ms: 20 } }),
    memory: memoryTest({ inputs: some }),
    startup: startupTest({
      files: [new URL('flights.onnx', import.meta.url)],
      maxBytes: 200_000,
      coldLoad: { module: new URL('late-arrival-model.ts', import.meta.url), exportName: 'loadLateArrivalModel' },
      maxColdLoadMs: 5_000,
    }),
  },
});
