import { ATTR_ML_REFERENCE_ID, ATTR_ML_SEGMENT_NAME } from '@driftline/semantic-conventions';
import type { HeldSeries } from '../../panes/series-state.ts';
import type { NamedMoments } from './compared-moments.ts';

/** Co-moments that senders of one profile reported: their values are standardised by it. */
export interface ReportedMoments extends NamedMoments {
  /** Empty where the sender names no profile. */
  readonly referenceId: string;
}

/** Parts of a whole that is reported beside them, the segments, are left out. */
export function reportedMoments(held: Iterable<HeldSeries>): readonly ReportedMoments[] {
  const reported: ReportedMoments[] = [];
  for (const { series, state } of held) {
    if (state.kind !== 'comoments' || ATTR_ML_SEGMENT_NAME in series.attributes) continue;
    const { names, count, means, sums } = state;
    reported.push({ referenceId: String(series.attributes[ATTR_ML_REFERENCE_ID] ?? ''), names, count, means, sums });
  }
  return reported;
}
