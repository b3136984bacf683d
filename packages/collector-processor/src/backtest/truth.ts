import type { Prediction } from '../receive/unit.ts';

/** Truth speaks as the prediction does, as in the instrumentation: class against class, else numbers, with true as 1. */
export function truthOf(text: string, predicted: Prediction): Prediction | undefined {
  if (predicted.class !== undefined) return { class: text };
  const value = text === 'true' ? 1 : text === 'false' ? 0 : text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(value)) return undefined;
  const isComparable = predicted.value !== undefined || (predicted.score !== undefined && (value === 0 || value === 1));
  return isComparable ? { value } : undefined;
}
