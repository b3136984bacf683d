import {
  defineModelTest,
  type ModelTest,
  type Predict,
  type TestFinding,
  type TestRun,
  type Verdict,
} from './model-health-test.ts';
import { checkInputs, checkNumbers, inTurn } from './settings.ts';
import { inShort, intervalText, isAtMost, measured } from './statistics/interval.ts';
import { type Point, theilSen } from './statistics/theil-sen.ts';
import type { MemoryUse } from './test-machine.ts';

export interface MemoryTestSettings<Input> {
  readonly inputs: readonly Input[];
  /** Growth that is allowed. Default 64 bytes a call in the heap, 4096 of the process. */
  readonly budget?: { readonly heapBytesPerCall?: number; readonly residentBytesPerCall?: number };
  /** Memory is read once a round. Default 40, at least 10. */
  readonly rounds?: number;
  /** Default 100. */
  readonly callsPerRound?: number;
  /** Rounds before the first that counts. Default 10. */
  readonly warmUpRounds?: number;
}

/** Memory after so many calls. */
interface Sample extends MemoryUse {
  readonly calls: number;
}

interface Judged {
  readonly heapBytesPerCall: number;
  readonly residentBytesPerCall: number;
  /** Garbage that nobody has collected yet looks like a leak. */
  readonly isCollected: boolean;
}

const CONFIDENCE = 0.95;
const usual: Judged = { heapBytesPerCall: 64, residentBytesPerCall: 4_096, isCollected: true };

export const memoryTest = defineModelTest(
  {
    type: 'memory',
    answers: 'Does memory stay, however often it is called?',
    examples: [
      {
        says: 'noise around a level',
        verdict: 'ok',
        judge: () =>
          judge(
            samples((round) => (round % 7) * 900),
            usual,
          ),
      },
      {
        says: 'each call keeps eight kilobytes',
        verdict: 'failed',
        judge: () =>
          judge(
            samples((round) => round * 100 * 8_192 + (round % 7) * 900),
            usual,
          ),
      },
      {
        says: 'caches that are full at half-time: warm-up',
        verdict: 'ok',
        judge: () =>
          judge(
            samples((round) => Math.min(round, 20) * 100 * 1_024),
            usual,
          ),
      },
      {
        says: 'growth that no one tried to collect',
        verdict: 'uncertain',
        judge: () =>
          judge(
            samples((round) => round * 100 * 8_192),
            { ...usual, isCollected: false },
          ),
      },
    ],
  },
  <Input>(given: MemoryTestSettings<Input>): ModelTest<Input, unknown> => {
    const { inputs, budget = {}, rounds = 40, callsPerRound = 100, warmUpRounds = 10 } = given;
    checkInputs('memoryTest', inputs);
    checkNumbers('memoryTest', { ...budget }, { least: 0, wanted: 'bytes a call' });
    checkNumbers('memoryTest', { rounds }, { least: 10, wanted: 'a whole number from 10 on', isWhole: true });
    checkNumbers('memoryTest', { callsPerRound }, { least: 1, wanted: 'a whole number from 1 on', isWhole: true });
    checkNumbers('memoryTest', { warmUpRounds }, { least: 0, wanted: 'a whole number from 0 on', isWhole: true });
    return {
      type: 'memory',
      async run(predict, run) {
        await callRounds(predict, run, { inputs, rounds: warmUpRounds, callsPerRound });
        const samples = await callRounds(predict, run, { inputs, rounds, callsPerRound });
        const isCollected = run.machine.collectGarbage !== undefined;
        return { findings: judge(samples, { ...usual, ...budget, isCollected }) };
      },
    };
  },
);

async function callRounds<Input>(
  predict: Predict<Input, unknown>,
  { signal, machine }: TestRun,
  { inputs, rounds, callsPerRound }: Required<Pick<MemoryTestSettings<Input>, 'inputs' | 'rounds' | 'callsPerRound'>>,
): Promise<readonly Sample[]> {
  const queue = inTurn(inputs);
  const taken: Sample[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    for (let call = 0; call < callsPerRound; call += 1) {
      signal.throwIfAborted();
      await predict(queue.next().value);
    }
    await machine.collectGarbage?.();
    taken.push({ calls: round * callsPerRound, ...machine.memory() });
  }
  return taken;
}

/** A leak goes on: what grows in the first half alone was warm-up. */
function judge(samples: readonly Sample[], limits: Judged): readonly TestFinding[] {
  const growth = (name: string, read: (sample: Sample) => number, limit: number): TestFinding => {
    const points = samples.map((sample): Point => ({ x: sample.calls, y: read(sample) }));
    const whole = theilSen(points, CONFIDENCE);
    const later = theilSen(points.slice(Math.floor(points.length / 2)), CONFIDENCE);
    const verdict = verdictOn(isAtMost(whole, limit), isAtMost(later, limit), limits.isCollected);
    const doubt = limits.isCollected ? 'try more rounds' : 'garbage was not collected, run with --expose-gc';
    return {
      name,
      verdict,
      says: `${intervalText(later, inShort)} bytes a call, budget ${limit}${verdict === 'uncertain' ? `; ${doubt}` : ''}`,
      measured: measured(later, 'By/{call}', limit),
    };
  };
  return [
    growth('heap', ({ heap }) => heap, limits.heapBytesPerCall),
    growth('resident', ({ resident }) => resident, limits.residentBytesPerCall),
  ];
}

function verdictOn(whole: Verdict, later: Verdict, isCollected: boolean): Verdict {
  if (later === 'ok') return 'ok';
  return whole === 'failed' && later === 'failed' && isCollected ? 'failed' : 'uncertain';
}

/** 40 rounds of 100 calls. */
function samples(bytesOver: (round: number) => number): readonly Sample[] {
  return Array.from({ length: 40 }, (_, round) => {
    const bytes = 50_000_000 + bytesOver(round);
    return { calls: (round + 1) * 100, heap: bytes, resident: 2 * bytes };
  });
}
