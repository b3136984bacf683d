import { inShort } from './statistics/interval.ts';

/** What every answer of a model looks like. */
export interface AnswerForm {
  /** Lengths of the lists in it, from the outside in: `[]` is a single answer, `[3]` a list of three. */
  readonly shape?: readonly number[];
  /** Of every number in it; one that is not a number is never right. */
  readonly min?: number;
  readonly max?: number;
  /** Of every text in it. */
  readonly oneOf?: readonly string[];
}

/** What is wrong with an answer; undefined where nothing is. */
export function complaintAbout(answer: unknown, form: AnswerForm): string | undefined {
  const { shape, min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY, oneOf } = form;
  if (shape !== undefined && !hasShape(answer, shape)) return `is not of the shape [${shape.join(', ')}]`;
  for (const leaf of leavesOf(answer)) {
    if (typeof leaf === 'number' && !(leaf >= min && leaf <= max))
      return Number.isNaN(leaf) ? 'has NaN in it' : `has ${inShort(leaf)} in it, not from ${min} to ${max}`;
    if (typeof leaf === 'string' && oneOf !== undefined && !oneOf.includes(leaf))
      return `has ${JSON.stringify(leaf)} in it, known: ${oneOf.join(', ')}`;
  }
  return undefined;
}

function hasShape(answer: unknown, [length, ...inner]: readonly number[]): boolean {
  const parts = listOf(answer);
  if (length === undefined) return parts === undefined && answer !== undefined && answer !== null;
  return parts?.length === length && parts.every((part) => hasShape(part, inner));
}

function* leavesOf(value: unknown): Generator {
  if (typeof value !== 'object' || value === null) yield value;
  else for (const part of listOf(value) ?? Object.values(value)) yield* leavesOf(part);
}

function listOf(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value;
  return ArrayBuffer.isView(value) && Symbol.iterator in value ? Object.values(value) : undefined;
}
