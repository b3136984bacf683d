import { InvalidArgumentError } from 'commander';

const parts = ['score', 'value', 'class'] as const;
type Part = (typeof parts)[number];
export type PredictionOption = Readonly<Partial<Record<Part, string>>>;

/** `score=prob,class=label`, which may be said in several options. */
export function predictionColumns(text: string, before: PredictionOption): PredictionOption {
  const named = text.split(',').map((one) => {
    const [part, column] = one.split('=', 2);
    const known = parts.find((name) => name === part);
    if (known === undefined || column === undefined || column === '') {
      throw new InvalidArgumentError(
        `Say which part a column is: ${parts.map((name) => `${name}=COLUMN`).join(', ')}.`,
      );
    }
    return [known, column] as const;
  });
  return { ...before, ...Object.fromEntries(named) };
}

/** A date, or a date with a time; UTC unless it names a zone. Milliseconds since the epoch. */
export function moment(text: string): number {
  const hasTime = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(text);
  const hasZone = /(?:[zZ]|[+-]\d\d:?\d\d)$/.test(text);
  const isDate = /^\d{4}-\d\d-\d\d$/.test(text);
  const time = Date.parse(isDate || !hasTime || hasZone ? text : `${text.replace(' ', 'T')}Z`);
  if ((isDate || hasTime) && Number.isFinite(time)) return time;
  throw new InvalidArgumentError('A date is needed: 2026-11-20, or 2026-11-20T08:00Z.');
}
