import { differenceBetween } from '../checks/answer-difference.ts';
import { type AnswerForm, complaintAbout } from './answer-form.ts';
import { defineModelTest, type ModelTest, type Predict, type TestFinding } from './model-health-test.ts';
import { checkNumbers } from './settings.ts';
import { inShort } from './statistics/interval.ts';

export interface PredictionTestSettings<Input, Output> {
  /** Inputs whose answer is known. */
  readonly golden?: readonly Golden<Input, Output>[];
  /** How far a number may be off, relative to the known one where that is above 1. Default 1e-6. */
  readonly tolerance?: number;
  /** What the questions below are asked about. Default: the golden inputs. */
  readonly inputs?: readonly Input[];
  /** How often the same input must get the very same answer. Default 3. */
  readonly repeats?: number;
  /** What every answer looks like. Without it: no NaN. */
  readonly form?: AnswerForm;
  /** Changes that must not change the answer. */
  readonly invariances?: readonly Change<Input>[];
  /** Changes that must not move the answer the other way. */
  readonly directions?: readonly Direction<Input, Output>[];
}

interface Golden<Input, Output> {
  readonly input: Input;
  readonly answer: Output;
}

interface Change<Input> {
  readonly says: string;
  readonly change: (input: Input) => Input;
  /** Share of inputs that may break it: trees are not smooth. Default 0. */
  readonly exceptions?: number;
}

interface Direction<Input, Output> extends Change<Input> {
  readonly answer: 'not lower' | 'not higher';
  /** The number to compare; without it the answer itself. */
  readonly read?: (answer: Output) => number;
}

/** What must hold of each of several things. */
interface Rule<Subject> {
  readonly name: string;
  readonly subjects: readonly Subject[];
  /** Of what the subjects are: `golden inputs`. */
  readonly noun: string;
  readonly exceptions?: number;
  /** What is wrong with it; undefined where nothing is. */
  readonly complaint: (subject: Subject) => Promise<string | undefined>;
}

const half = (x: number) => x / 2;
const named = ({ name, income }: { readonly name: string; readonly income: number }) => income + name.length;
const people = [{ name: 'Ada', income: 3 }];

export const predictionTest = defineModelTest(
  {
    type: 'prediction',
    answers: 'Does it answer what it should, the same every time, and move the right way?',
    examples: [
      {
        says: 'the known answer, but for rounding',
        verdict: 'ok',
        judge: async () => [await judge(goldenAnswers(half, [{ input: 1, answer: 0.500_000_01 }], 1e-6))],
      },
      {
        says: 'another answer than at release',
        verdict: 'failed',
        judge: async () => [await judge(goldenAnswers(half, [{ input: 1, answer: 0.51 }], 1e-6))],
      },
      {
        says: 'not a number',
        verdict: 'failed',
        judge: async () => [await judge(answerForm((x: number) => x / x, [1, 0], {}))],
      },
      {
        says: 'a score that sees the name',
        verdict: 'failed',
        judge: async () => [
          await judge(
            invariance(named, people, 1e-6, { says: 'name', change: (one) => ({ ...one, name: 'Ada Lovelace' }) }),
          ),
        ],
      },
      {
        says: 'more income, higher score',
        verdict: 'ok',
        judge: async () => [
          await judge(
            direction(named, people, 1e-6, {
              says: 'income',
              change: ({ name, income }) => ({ name, income: income + 1 }),
              answer: 'not lower',
            }),
          ),
        ],
      },
    ],
  },
  <Input, Output>(given: PredictionTestSettings<Input, Output>): ModelTest<Input, Output> => {
    const { golden = [], tolerance = 1e-6, repeats = 3, form = {}, invariances = [], directions = [] } = given;
    const inputs = given.inputs ?? golden.map(({ input }) => input);
    if (inputs.length === 0)
      throw new Error('predictionTest: there is nothing to ask; give golden inputs with their answers, or inputs');
    checkNumbers('predictionTest', { tolerance }, { least: 0, wanted: 'a number from 0 on' });
    checkNumbers('predictionTest', { repeats }, { least: 1, wanted: 'a whole number from 1 on', isWhole: true });
    for (const { says, exceptions } of [...invariances, ...directions])
      if (exceptions !== undefined && !(exceptions >= 0 && exceptions < 1))
        throw new Error(`predictionTest: exceptions of ${JSON.stringify(says)} is ${exceptions}; give a share below 1`);
    return {
      type: 'prediction',
      async run(predict, { signal }) {
        const ask: Predict<Input, Output> = (input) => {
          signal.throwIfAborted();
          return predict(input);
        };
        const findings = [await judge(sameAnswers(ask, inputs, repeats)), await judge(answerForm(ask, inputs, form))];
        if (golden.length > 0) findings.unshift(await judge(goldenAnswers(ask, golden, tolerance)));
        for (const change of invariances) findings.push(await judge(invariance(ask, inputs, tolerance, change)));
        for (const change of directions) findings.push(await judge(direction(ask, inputs, tolerance, change)));
        signal.throwIfAborted();
        return { findings };
      },
    };
  },
);

async function judge<Subject>({
  name,
  subjects,
  noun,
  exceptions = 0,
  complaint,
}: Rule<Subject>): Promise<TestFinding> {
  const complaints: { readonly number: number; readonly text: string }[] = [];
  for (const [index, subject] of subjects.entries()) {
    const text = await complaint(subject).catch((error: unknown) => `throws: ${reasonOf(error)}`);
    if (text !== undefined) complaints.push({ number: index + 1, text });
  }
  const [first] = complaints;
  const share = complaints.length / subjects.length;
  return {
    name,
    verdict: share <= exceptions ? 'ok' : 'failed',
    says:
      first === undefined
        ? `${subjects.length} ${noun}`
        : `${complaints.length} of ${subjects.length} ${noun} break it, ${inShort(100 * exceptions)} % may; number ${first.number} ${first.text}`,
    measured: { value: share, unit: '1', limit: exceptions },
  };
}

function goldenAnswers<Input, Output>(
  predict: Predict<Input, Output>,
  golden: readonly Golden<Input, Output>[],
  tolerance: number,
): Rule<Golden<Input, Output>> {
  return {
    name: 'golden answers',
    subjects: golden,
    noun: 'golden inputs',
    complaint: async ({ input, answer }) => differs(await predict(input), answer, tolerance),
  };
}

function sameAnswers<Input>(predict: Predict<Input, unknown>, inputs: readonly Input[], repeats: number): Rule<Input> {
  return {
    name: 'determinism',
    subjects: inputs,
    noun: 'inputs',
    async complaint(input) {
      const first = await predict(input);
      for (let call = 2; call <= repeats; call += 1) {
        const complaint = differs(await predict(input), first, 0);
        if (complaint !== undefined) return `at call ${call}: ${complaint}`;
      }
      return undefined;
    },
  };
}

function answerForm<Input>(predict: Predict<Input, unknown>, inputs: readonly Input[], form: AnswerForm): Rule<Input> {
  return {
    name: 'form of answers',
    subjects: inputs,
    noun: 'inputs',
    complaint: async (input) => complaintAbout(await predict(input), form),
  };
}

function invariance<Input>(
  predict: Predict<Input, unknown>,
  inputs: readonly Input[],
  tolerance: number,
  { says, change, exceptions = 0 }: Change<Input>,
): Rule<Input> {
  return {
    name: says,
    subjects: inputs,
    noun: 'inputs',
    exceptions,
    complaint: async (input) => differs(await predict(change(input)), await predict(input), tolerance),
  };
}

function direction<Input, Output>(
  predict: Predict<Input, Output>,
  inputs: readonly Input[],
  tolerance: number,
  { says, change, exceptions = 0, answer, read = asNumber }: Direction<Input, Output>,
): Rule<Input> {
  return {
    name: says,
    subjects: inputs,
    noun: 'inputs',
    exceptions,
    async complaint(input) {
      const before = read(await predict(input));
      const after = read(await predict(change(input)));
      const wrongWay = answer === 'not lower' ? before - after : after - before;
      // Also where one is not a number.
      return wrongWay <= tolerance * Math.max(1, Math.abs(before))
        ? undefined
        : `goes from ${inShort(before)} to ${inShort(after)}`;
    },
  };
}

function differs(actual: unknown, expected: unknown, tolerance: number): string | undefined {
  const difference = differenceBetween(actual, expected);
  return difference.size <= tolerance
    ? undefined
    : `differs: ${difference.where} is ${difference.actual}, expected ${difference.expected}`;
}

function asNumber(answer: unknown): number {
  if (typeof answer === 'number') return answer;
  throw new Error('the answer is no number; say which one to compare: read: ({ score }) => score');
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
