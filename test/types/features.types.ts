/** Compiled, never run: what the types accept and what they refuse, in TypeScript 5.9, 6 and 7. */
import { type Monitored, monitorModel } from '@driftline/instrumentation';
import profile from '../../examples/snippets/employment.profile.json' with { type: 'json' };

interface Applicant {
  readonly id: string;
  readonly age: number;
  readonly state: string;
  readonly hours: number;
}

declare const score: (applicant: Applicant) => number;

export const employment = monitorModel({ profile });
export const fraud = monitorModel({
  name: 'fraud',
  features: { amount: 'numeric', country: 'categorical', text: 'embedding' },
});
export const open = monitorModel({ name: 'anything' });

// The argument carries the features and the result is a prediction: no mapper needed.
export const unmapped: Monitored<typeof score> = employment.wrap(score);
const probability: number = unmapped({ id: 'a', age: 40, state: 'CA', hours: 40 });
export const viaWith: number = unmapped.with({ id: 'a' })({ id: 'a', age: 40, state: 'CA', hours: probability });
export const tracked: { readonly result: number; readonly predictionId: string } = unmapped.tracked({
  id: 'a',
  age: 1,
  state: 'CA',
  hours: 1,
});

// @ts-expect-error a text is no row of features: a mapper is needed
employment.wrap((text: string) => text.length);
// @ts-expect-error a string is no prediction: a mapper is needed
employment.wrap((applicant: Applicant) => applicant.id);
// @ts-expect-error the profile has no "height"
employment.wrap((_text: string) => 1, { features: () => ({ height: 3 }) });
// @ts-expect-error mappers are synchronous
employment.wrap((_text: string) => 1, { features: async () => ({ age: 3 }) });
// @ts-expect-error "amount" is numeric
fraud.wrap((_text: string) => 1, { features: () => ({ amount: 'much', country: 'de' }) });
// @ts-expect-error without a profile a name is needed
monitorModel({ version: '1' });

fraud.record({
  features: { amount: 3, country: null, text: new Float32Array(3) },
  prediction: { class: 'yes', score: 0.3 },
});
fraud.recordColumns({
  features: { amount: new Float64Array(3), country: ['a', 'b', null] },
  predictions: [1, 0, 1],
  at: new Date(),
});
// @ts-expect-error the model has no feature "height"
fraud.record({ features: { height: 3 } });
fraud.recordOutcome([
  { id: 'a', truth: 'yes' },
  { prediction: 0.3, truth: true, predictedAt: Date.now() },
]);
// @ts-expect-error an outcome needs an id, or a prediction with its time
fraud.recordOutcome({ truth: 1 });

// Generics, overloads, `this`, streams and properties of the function stay.
export const generic = open.wrap(<T extends number>(value: T) => value, { features: (value) => ({ value }) });
export const literal: 3 = generic(3);
declare function overloaded(amount: number): number;
declare function overloaded(amount: string): number;
export const both = open.wrap(overloaded, { features: () => ({}) });
export const results: readonly number[] = [both(1), both('1')];
export async function* tokens(_text: string): AsyncGenerator<string> {
  yield 'a';
}
export const stream: AsyncGenerator<string> = open.wrap(tokens, {
  features: (text) => ({ length: text.length }),
  prediction: (chunks) => chunks.length,
})('text');
declare const pipeline: ((text: string) => Promise<{ readonly score: number }>) & { dispose(): Promise<void> };
export const disposed: Promise<void> = open.wrap(pipeline, { features: (text) => ({ length: text.length }) }).dispose();
