import { container } from './container.ts';
import { disk } from './disk.ts';
import { eventLoop } from './event-loop.ts';
import { filesystem } from './filesystem.ts';
import { gpu } from './gpu.ts';
import { heap } from './heap.ts';
import { host } from './host.ts';
import { load } from './load.ts';
import { paging } from './paging.ts';
import { processResources } from './process.ts';
import type { ResourceCollector } from './resource-collector.ts';

export const resourceCollectors = [
  host,
  load,
  paging,
  filesystem,
  disk,
  processResources,
  eventLoop,
  heap,
  container,
  gpu,
] as const satisfies readonly ResourceCollector[];

export type ResourceCollectorName = (typeof resourceCollectors)[number]['name'];
