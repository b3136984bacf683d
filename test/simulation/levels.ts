import { alphaOf } from '../../packages/collector-processor/src/evaluate/drift/decision/budget.ts';

/** One false alarm a month at windows of five minutes. */
export const monthly = alphaOf({ falseAlarmsPerMonth: 1, stepMs: 300_000, horizons: 1 });
/** The same, split between window and hour. */
export const monthlyEach = alphaOf({ falseAlarmsPerMonth: 1, stepMs: 300_000, horizons: 2 });

/** Twenty features of three parts each: the smallest p-value is adjusted by about this number. */
export const hypotheses = 60;
