import type { DriftState } from '../../measurement.ts';
import type { Floor, PartTest } from './part-test.ts';

const MILDEST_FIRST = [
  'no_reference',
  'insufficient_data',
  'ok',
  'warning',
  'drift',
] as const satisfies readonly DriftState[];

/** Both locks must open: sure enough, and far enough. However small p is, a small change is `ok`. */
export function stateOf(test: PartTest, pAdjusted: number, alpha: number, floor: Floor): DriftState {
  if (pAdjusted >= alpha) return 'ok';
  if (test.size >= floor.drift) return 'drift';
  return test.size >= floor.warning ? 'warning' : 'ok';
}

/** The state of a model by its features, or of a feature by its horizons: what was seen outweighs what was not. */
export function worstState(states: readonly DriftState[]): DriftState {
  return states.reduce<DriftState>((worst, state) => (isWorse(state, worst) ? state : worst), 'no_reference');
}

export function isWorse(state: DriftState, than: DriftState): boolean {
  return MILDEST_FIRST.indexOf(state) > MILDEST_FIRST.indexOf(than);
}
