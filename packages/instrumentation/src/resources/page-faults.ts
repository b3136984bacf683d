import { ATTR_SYSTEM_PAGING_FAULT_TYPE, type ResourceMetricName } from '@driftline/semantic-conventions';
import type { Measurement } from './collectors/resource-collector.ts';
import { measuredBy } from './measured.ts';

/** Kernels count all and the major ones; conventions want minor and major, which sum to all. */
export function pageFaults(
  metric: ResourceMetricName,
  { all, major }: { readonly all: number | undefined; readonly major: number | undefined },
): readonly Measurement[] {
  if (all === undefined || major === undefined) return [];
  return measuredBy(metric, ATTR_SYSTEM_PAGING_FAULT_TYPE, { minor: Math.max(0, all - major), major });
}
