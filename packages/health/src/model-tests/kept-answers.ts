import { createHash } from 'node:crypto';
import type { ReadAnswer } from './labelled-answers.ts';

/** What a performance test keeps of a version: columns, in the order of its rows. */
interface KeptAnswers {
  /** Says whether the rows of later are those of then. */
  readonly rows: string;
  readonly class?: readonly string[];
  readonly score?: readonly number[];
  readonly value?: readonly number[];
}

export function keep(rows: readonly unknown[], answers: readonly ReadAnswer[]): KeptAnswers {
  const column = <Name extends keyof ReadAnswer>(name: Name) => {
    const values = answers.flatMap((answer) => answer[name] ?? []);
    return values.length === answers.length && values.length > 0 ? { [name]: values } : {};
  };
  return { rows: fingerprint(rows), ...column('class'), ...column('score'), ...column('value') };
}

/** The answers of then, row by row; or why there is nothing to compare with. */
export function answersOfThen(
  kept: unknown,
  rows: readonly unknown[],
): { readonly answers: readonly ReadAnswer[] } | { readonly unusable: string } {
  if (!isKept(kept)) return { unusable: 'the baseline is not one of a performance test' };
  if (kept.rows !== fingerprint(rows)) return { unusable: 'the labelled rows are not those of the baseline' };
  const columns = [kept.class, kept.score, kept.value].filter((column) => column !== undefined);
  if (columns.some(({ length }) => length !== rows.length))
    return { unusable: `the baseline has not an answer for each of the ${rows.length} rows` };
  return { answers: rows.map((_, row) => answerAt(kept, row)) };
}

function answerAt(kept: KeptAnswers, row: number): ReadAnswer {
  const [name, score, value] = [kept.class?.[row], kept.score?.[row], kept.value?.[row]];
  return {
    ...(name !== undefined && { class: name }),
    ...(score !== undefined && { score }),
    ...(value !== undefined && { value }),
  };
}

function isKept(kept: unknown): kept is KeptAnswers {
  if (typeof kept !== 'object' || kept === null || !('rows' in kept) || typeof kept.rows !== 'string') return false;
  const isColumn = (name: string, type: 'string' | 'number') => {
    const column: unknown = Reflect.get(kept, name);
    return column === undefined || (Array.isArray(column) && column.every((value) => typeof value === type));
  };
  return isColumn('class', 'string') && isColumn('score', 'number') && isColumn('value', 'number');
}

function fingerprint(rows: readonly unknown[]): string {
  const text = JSON.stringify(rows, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
