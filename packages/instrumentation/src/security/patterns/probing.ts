import { ML_SECURITY_PATTERN_VALUE_PROBING } from '@driftline/semantic-conventions';
import type { FeatureRow } from '../../call-mappers.ts';
import { defineSecurityPattern, type SecurityExample, type UsualValue } from './security-pattern.ts';

/** So many steps from row to row are looked at together. */
const STEPS = 32;
/** A sweep changes at most half of what others change from one row to their next, */
const SHARE_OF_USUAL = 1 / 2;
/** and no more than two features at a time. */
const MOST_CHANGED = 2;
/** Most steps of a sweep lead to a value not tried before. */
const NEW_VALUES = 24;

interface Steps {
  previous: FeatureRow | undefined;
  /** Of the last steps that changed anything: the share of features that did. */
  readonly changedShares: number[];
  readonly changedFeatures: number[];
  /** Of the same steps: what one of the features became. */
  readonly tried: string[];
  seen: number;
}

/**
 * Somebody who asks again and again with one feature changed learns where the model decides: how it can be copied, or
 * evaded. A caller whose rows all share a country is no such thing, which is why steps are compared with others' steps.
 */
export const probing = defineSecurityPattern<Steps>({
  name: ML_SECURITY_PATTERN_VALUE_PROBING,
  answers: 'Does one caller sweep the same input, feature by feature?',
  begin: () => ({ previous: undefined, changedShares: [], changedFeatures: [], tried: [], seen: 0 }),
  observe(steps, { rows }, usual) {
    let found = 0;
    for (const row of rows) if (takeStep(steps, row, usual)) found++;
    return found;
  },
  examples: [
    example('callers who send rows of their own', false, () => ({})),
    example('a caller who repeats one row', false, (step) => ({ repeated: step > 0 })),
    example('a caller who sweeps one feature', true, (step) => ({ swept: step })),
  ],
});

function takeStep(steps: Steps, row: FeatureRow, usual: UsualValue): boolean {
  const { previous } = steps;
  steps.previous = row;
  if (previous === undefined) return false;
  const names = Object.keys(row);
  const changed = names.filter((name) => !Object.is(row[name], previous[name]));
  const [first] = changed;
  if (first === undefined) return false;

  const slot = steps.seen++ % STEPS;
  steps.changedShares[slot] = changed.length / names.length;
  steps.changedFeatures[slot] = changed.length;
  steps.tried[slot] = `${first}=${String(row[first])}`;
  if (steps.seen < STEPS) return false;
  const changedShare = meanOf(steps.changedShares);
  if (steps.seen === STEPS) usual.contribute(changedShare);
  if (usual.mean === undefined || changedShare > usual.mean * SHARE_OF_USUAL) return false;
  if (meanOf(steps.changedFeatures) > MOST_CHANGED) return false;
  return new Set(steps.tried).size >= NEW_VALUES;
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Eight callers with rows of their own, and a ninth whose rows are as `ninth` says. */
function example(
  says: string,
  isFound: boolean,
  ninth: (step: number) => { readonly repeated?: boolean; readonly swept?: number },
): SecurityExample {
  return {
    says,
    isFound,
    *calls() {
      for (let step = 0; step < 100; step++) {
        for (let caller = 0; caller < 9; caller++) {
          const { repeated, swept } = caller === 8 ? ninth(step) : {};
          const own = repeated === true || swept !== undefined ? 0 : step;
          const row = {
            age: 20 + ((own * 7 + caller) % 50),
            hours: swept ?? (own * 3) % 40,
            state: own % 5,
            city: own,
          };
          yield { caller: `caller ${caller}`, timeMs: step * 1000, rows: [row] };
        }
      }
    },
  };
}
