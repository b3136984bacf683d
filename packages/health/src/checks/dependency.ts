import type { Reach } from '../io/reach.ts';
import { defineHealthCheck } from './health-check.ts';
import { responseTime } from '../response-time.ts';

export interface DependencyCheckSettings {
  /** `http('http://models:8080/ready')`, `tcp({ host, port })`, or a function of yours that throws when it is down. */
  readonly reach: Reach;
  /** Slower than this is a warning. Default 1000. */
  readonly slowMs?: number;
}

export const dependencyCheck = defineHealthCheck({
  type: 'dependency',
  answers: 'Can this service reach what it cannot work without?',
  componentType: 'datastore',
  measurement: 'responseTime',
  // A lost packet is no outage.
  schedule: { everyMs: 10_000, timeoutMs: 2_000, affects: 'readiness', failAfter: 2, recoverAfter: 2 },
  complete: (given: DependencyCheckSettings) => ({ slowMs: 1000, ...given }),
  open: ({ reach }) => ({
    async read({ signal, now }) {
      const startedAt = now();
      await reach(signal);
      return { durationMs: now() - startedAt };
    },
  }),
  judge({ durationMs }, { slowMs }) {
    return [responseTime(durationMs, slowMs)];
  },
  examples: [
    { says: 'it answers', given: { reach: () => undefined }, reading: { durationMs: 12 }, status: 'pass' },
    { says: 'it answers late', given: { reach: () => undefined }, reading: { durationMs: 1001 }, status: 'warn' },
  ],
});
