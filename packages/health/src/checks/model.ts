import { differenceBetween } from './answer-difference.ts';
import { defineHealthCheck } from './health-check.ts';
import { responseTime } from '../response-time.ts';

export interface ModelCheckSettings {
  /** Runs the real model on an input whose answer is known; several inputs at once give an array. */
  readonly predict: (signal: AbortSignal) => unknown;
  readonly expected: unknown;
  /** How far a number may be off, relative to the expected one where that is above 1. Default 1e-6. */
  readonly tolerance?: number;
  /** Slower than this is a warning. */
  readonly slowMs?: number;
}

export const modelCheck = defineHealthCheck({
  type: 'model',
  answers: 'Does the model still answer what it answered when it was released?',
  componentType: 'component',
  measurement: 'deviation',
  isAboutModel: true,
  // A wrong answer is wrong the first time; one right answer may be luck.
  schedule: { everyMs: 30_000, timeoutMs: 5_000, affects: 'readiness', failAfter: 1, recoverAfter: 2 },
  complete: (given: ModelCheckSettings) => ({ tolerance: 1e-6, slowMs: Number.POSITIVE_INFINITY, ...given }),
  open: ({ predict }) => ({
    async read({ signal, now }) {
      const startedAt = now();
      const answer = await predict(signal);
      return { answer, durationMs: now() - startedAt };
    },
  }),
  judge({ answer, durationMs }, { expected, tolerance, slowMs }) {
    const difference = differenceBetween(answer, expected);
    return [
      difference.size <= tolerance
        ? { measurement: 'deviation', status: 'pass', observedValue: difference.size }
        : {
            measurement: 'deviation',
            status: 'fail',
            ...(Number.isFinite(difference.size) && { observedValue: difference.size }),
            output: `${difference.where} is ${difference.actual}, expected ${difference.expected} ± ${tolerance}`,
          },
      responseTime(durationMs, slowMs),
    ];
  },
  examples: [
    {
      says: 'the same answer but for rounding',
      given: { predict: () => undefined, expected: { class: 'late', score: 0.83 } },
      reading: { answer: { class: 'late', score: 0.8300000001 }, durationMs: 1 },
      status: 'pass',
    },
    {
      says: 'another class',
      given: { predict: () => undefined, expected: { class: 'late', score: 0.83 } },
      reading: { answer: { class: 'on time', score: 0.83 }, durationMs: 1 },
      status: 'fail',
    },
    {
      says: 'weights that broke: not a number',
      given: { predict: () => undefined, expected: [0.83] },
      reading: { answer: Float32Array.of(Number.NaN), durationMs: 1 },
      status: 'fail',
    },
    {
      says: 'right, but slow',
      given: { predict: () => undefined, expected: 0.83, slowMs: 50 },
      reading: { answer: 0.83, durationMs: 51 },
      status: 'warn',
    },
  ],
});
