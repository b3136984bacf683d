/** What became of one value. Only `valid` and `out_of_range` values are in the feature's distribution. */
export type ObservationStatus =
  | 'valid'
  | 'missing'
  | 'not_a_number'
  | 'wrong_type'
  | 'out_of_range'
  | 'unseen'
  | 'unexpected';

/** Rows of one feature by status; their sum is the rows seen. */
export type StatusCounts = Record<ObservationStatus, number>;

export function noStatuses(): StatusCounts {
  return { valid: 0, missing: 0, not_a_number: 0, wrong_type: 0, out_of_range: 0, unseen: 0, unexpected: 0 };
}

export function addStatuses(into: StatusCounts, added: Readonly<StatusCounts>): void {
  for (const status of statuses) into[status] += added[status];
}

export function rowsOf(counts: Readonly<StatusCounts>): number {
  return statuses.reduce((rows, status) => rows + counts[status], 0);
}

/** A function is no value but an inherited method: a feature may be called `constructor`. */
export function isMissing(value: unknown): boolean {
  return value === undefined || value === null || typeof value === 'function';
}

export const statuses = Object.freeze([
  'valid',
  'missing',
  'not_a_number',
  'wrong_type',
  'out_of_range',
  'unseen',
  'unexpected',
] as const satisfies readonly ObservationStatus[]);
