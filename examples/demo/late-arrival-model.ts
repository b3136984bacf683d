import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Flight } from './flight.ts';

// The order of training/flights.py, in which the model was trained.
const NUMBERS = [
  'hour',
  'distance',
  'planned_time',
  'departures',
  'recent_delay',
  'seats',
  'aircraft_age',
  'temperature',
  'precipitation',
] as const satisfies readonly (keyof Flight)[];
const NAMES = ['carrier', 'origin', 'weekday'] as const satisfies readonly (keyof Flight)[];

/** The probability that a flight reaches its gate 15 minutes late or more. */
export type LateArrivalModel = (flight: Flight) => Promise<number>;

export async function loadLateArrivalModel(): Promise<LateArrivalModel> {
  // ONNX Runtime 1.30 reports its use to Microsoft unless told not to.
  process.env.ORT_DISABLE_TELEMETRY ??= '1';
  const session = await InferenceSession.create(`${import.meta.dirname}/flights.onnx`, { intraOpNumThreads: 1 });

  return async (flight) => {
    const { probabilities } = await session.run({
      // The trees know the way for NaN: it is what missing values were in training.
      numbers: new Tensor(
        'float32',
        NUMBERS.map((name) => flight[name] ?? Number.NaN),
        [1, NUMBERS.length],
      ),
      names: new Tensor(
        'string',
        NAMES.map((name) => flight[name]),
        [1, NAMES.length],
      ),
    });
    return Number(probabilities?.data[1]);
  };
}
