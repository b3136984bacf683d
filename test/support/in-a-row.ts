/** `inARow(3, 'ok')` is `['ok', 'ok', 'ok']`. */
export function inARow<T>(times: number, value: T): readonly T[] {
  return Array.from({ length: times }, () => value);
}
