import { type ExponentialHistogram, type NumericReference } from '@driftline/sketches';
import type { CurrentCounts } from '../../packages/collector-processor/src/evaluate/drift/decision/feature-counts.ts';
import type { Observations } from '../../packages/collector-processor/src/evaluate/observations.ts';
import { captureReference, capturedReferences } from '../../packages/collector-processor/src/reference/captured.ts';

/** A captured reference and a window of exponential buckets as the service brings them together. */
export function alignedReference(
  captured: ExponentialHistogram,
  window: ExponentialHistogram,
): { readonly reference: NumericReference; readonly current: CurrentCounts } {
  const references = capturedReferences(captureReference([observed(captured)], captured.count, 0));
  const { reference, current } = references.compare(observed(window));
  if (reference?.kind !== 'numeric') throw new TypeError('what was captured from numbers is numeric');
  return { reference, current };
}

function observed({ scale, zeroCount, positive, negative, sum, count }: ExponentialHistogram): Observations {
  return {
    role: 'feature',
    name: 'x',
    referenceId: '',
    distributions: new Map([['none', { kind: 'exponential', scale, zeroCount, positive, negative, sum }]]),
    categories: new Map(),
    statuses: new Map([['valid', count]]),
  };
}
