import { defineModelTest, type ModelTest, type TestFinding } from './model-health-test.ts';
import { checkNumbers } from './settings.ts';
import { inMilliseconds, intervalText, isAtMost, measured } from './statistics/interval.ts';
import { quantileInterval } from './statistics/quantile-interval.ts';

export interface StartupTestSettings {
  /** The model's files, together not larger than `maxBytes`. */
  readonly files?: readonly (string | URL)[];
  readonly maxBytes?: number;
  /** The function that loads the model, by the module that exports it: each load is timed in a process of its own. */
  readonly coldLoad?: { readonly module: URL; readonly exportName: string };
  readonly maxColdLoadMs?: number;
  /** Default 6, the fewest that say something about the median. */
  readonly loads?: number;
}

const CONFIDENCE = 0.95;

export const startupTest = defineModelTest(
  {
    type: 'startup',
    answers: 'Is it small enough, and ready soon enough after a start?',
    examples: [
      { says: 'small', verdict: 'ok', judge: () => [judgeSize(80_000, 100_000)] },
      { says: 'a file that grew', verdict: 'failed', judge: () => [judgeSize(120_000, 100_000)] },
      { says: 'ready in time', verdict: 'ok', judge: () => [judgeLoads([310, 290, 305, 300, 320, 295], 500)] },
      { says: 'always late', verdict: 'failed', judge: () => [judgeLoads([610, 590, 605, 600, 620, 595], 500)] },
      {
        says: 'now and then late',
        verdict: 'uncertain',
        judge: () => [judgeLoads([310, 290, 605, 300, 320, 295], 500)],
      },
      { says: 'two loads', verdict: 'uncertain', judge: () => [judgeLoads([310, 290], 500)] },
    ],
  },
  (given: StartupTestSettings): ModelTest<never, unknown> => {
    const { files = [], maxBytes, coldLoad, maxColdLoadMs, loads = 6 } = given;
    checkNumbers('startupTest', { maxBytes, maxColdLoadMs }, { least: Number.MIN_VALUE, wanted: 'a number above 0' });
    checkNumbers('startupTest', { loads }, { least: 1, wanted: 'a whole number from 1 on', isWhole: true });
    if ((files.length === 0) !== (maxBytes === undefined))
      throw new Error('startupTest: files and maxBytes belong together; give both or none');
    if ((coldLoad === undefined) !== (maxColdLoadMs === undefined))
      throw new Error('startupTest: coldLoad and maxColdLoadMs belong together; give both or none');
    if (maxBytes === undefined && maxColdLoadMs === undefined)
      throw new Error('startupTest: there is nothing to test; give files and maxBytes, or coldLoad and maxColdLoadMs');
    return {
      type: 'startup',
      async run(_predict, { signal, machine }) {
        const findings: TestFinding[] = [];
        if (maxBytes !== undefined) {
          const sizes = await Promise.all(files.map((file) => machine.fileBytes(file)));
          findings.push(
            judgeSize(
              sizes.reduce((sum, size) => sum + size, 0),
              maxBytes,
            ),
          );
        }
        if (coldLoad !== undefined && maxColdLoadMs !== undefined) {
          const durations: number[] = [];
          for (let load = 0; load < loads; load += 1)
            durations.push(await machine.coldLoad(coldLoad.module, coldLoad.exportName, signal));
          findings.push(judgeLoads(durations, maxColdLoadMs));
        }
        return { findings };
      },
    };
  },
);

function judgeSize(bytes: number, maxBytes: number): TestFinding {
  return {
    name: 'size',
    verdict: bytes <= maxBytes ? 'ok' : 'failed',
    says: `${inBytes(bytes)}, at most ${inBytes(maxBytes)}`,
    measured: { value: bytes, unit: 'By', limit: maxBytes },
  };
}

function inBytes(count: number): string {
  return `${count.toLocaleString('en-US')} bytes`;
}

function judgeLoads(durationsMs: readonly number[], maxMs: number): TestFinding {
  const interval = quantileInterval(Float64Array.from(durationsMs).toSorted(), 0.5, CONFIDENCE);
  const { value, lower, upper } = interval;
  return {
    name: 'cold load',
    verdict: isAtMost(interval, maxMs),
    says: `${intervalText(interval, inMilliseconds)} in the median of ${durationsMs.length}, budget ${inMilliseconds(maxMs)}`,
    measured: measured({ value: value / 1_000, lower: lower / 1_000, upper: upper / 1_000 }, 's', maxMs / 1_000),
  };
}
