import type { Pairs, Reads } from './metrics/metric.ts';

/** A class, or a quantity. */
export type Truth = string | number;

/** What a model said about a row, as far as it says it. */
export interface ReadAnswer {
  readonly class?: string;
  /** The probability of the positive class. */
  readonly score?: number;
  readonly value?: number;
}

export interface LabelledAnswers {
  readonly truths: readonly Truth[];
  readonly answers: readonly ReadAnswer[];
  readonly positive: string | undefined;
}

/** Which part of an answer a metric reads. */
export const partRead = {
  class: 'class',
  positive: 'class',
  score: 'score',
  value: 'value',
} as const satisfies Readonly<Record<Reads, keyof ReadAnswer>>;

/** @throws where the answers lack what a metric reads; the message names the row. */
export function pairsOf({ truths, answers, positive }: LabelledAnswers, reads: Reads): Pairs {
  if (positive === undefined && (reads === 'positive' || reads === 'score'))
    throw new Error("performanceTest: positive is needed: the class whose probability score is, positive: 'late' say");
  const named = truths.map(String);
  const classes = [...new Set([...named, ...answers.flatMap((answer) => answer.class ?? [])])];
  const numbers = new Map(classes.map((name, number) => [name, number]));
  const numberOf = (name: string) => numbers.get(name) ?? classes.length;
  const isPositive = (name: string) => Number(name === positive);
  switch (reads) {
    case 'class':
      return {
        truth: Float64Array.from(named, numberOf),
        answer: Float64Array.from(answers, (answer, row) => numberOf(part(answer, 'class', row))),
      };
    case 'positive':
      return {
        truth: Float64Array.from(named, isPositive),
        answer: Float64Array.from(answers, (answer, row) => isPositive(part(answer, 'class', row))),
      };
    case 'score':
      return {
        truth: Float64Array.from(named, isPositive),
        answer: Float64Array.from(answers, (answer, row) => finite(part(answer, 'score', row), 'score', row)),
      };
    case 'value':
      return {
        truth: Float64Array.from(truths, (truth, row) => finite(truth, 'truth', row)),
        answer: Float64Array.from(answers, (answer, row) => finite(part(answer, 'value', row), 'value', row)),
      };
  }
}

function part<Name extends keyof ReadAnswer>(answer: ReadAnswer, name: Name, row: number) {
  const value = answer[name];
  if (value === undefined) throw new Error(`performanceTest: row ${row + 1} has no ${name}; return it from read`);
  return value;
}

function finite(value: Truth, name: string, row: number): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new Error(
    `performanceTest: row ${row + 1}: ${name} is ${JSON.stringify(value)} (${value}), not a finite number`,
  );
}
