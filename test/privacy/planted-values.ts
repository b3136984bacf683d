/** Values as nobody else would send them, to be looked for in everything that leaves. */
export const planted = {
  name: 'Ada Lovelace',
  mail: 'ada@example.com',
  diagnosis: 'secret diagnosis: Lupus',
  id: 'customer-4711-9922',
  key: 'sk_live_51H8xPlantedKey',
  category: 'Unheard-Of category',
  answer: 'A model wrote this long answer about Babbage and his engine, longer than any label of a class would be.',
  income: 48_213.77,
  score: 0.738_291_4,
  account: 1_917_362_844,
  weight: 91.350_77,
  debt: -7_731.25,
} as const;

const values: readonly (string | number)[] = Object.values(planted);
const texts = values.filter((value) => typeof value === 'string');
const numbers = values.filter((value) => typeof value === 'number');

/** The planted texts of which a telling word is in there. */
export function textsIn(telemetry: string): readonly string[] {
  return texts.filter((text) => text.split(' ').some((word) => isTelling(word) && telemetry.includes(word)));
}

/** The planted numbers that are in there within a thousandth, wherever a request says a number. */
export function numbersIn(request: unknown): readonly number[] {
  const read = [...numbersOf(request)];
  return numbers.filter((number) => read.some((one) => Math.abs(one - number) <= Math.abs(number) / 1000));
}

const isTelling = (word: string): boolean => word.length > 2 && /[A-Z@\d_]/.test(word);

/** Times and ids are nobody's values, and edges are the profile's. */
const isMeant = (key: string): boolean => !/UnixNano$|^(?:traceId|spanId|parentSpanId|explicitBounds)$/.test(key);

function* numbersOf(value: unknown): Iterable<number> {
  if (typeof value === 'number') yield value;
  if (typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))) yield Number(value);
  if (typeof value !== 'object' || value === null) return;
  for (const [key, part] of Object.entries(value)) if (isMeant(key)) yield* numbersOf(part);
}
