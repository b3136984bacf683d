import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { resourceCollectors } from '../../packages/instrumentation/src/resources/collectors/index.ts';
import type { ResourceCollector } from '../../packages/instrumentation/src/resources/collectors/resource-collector.ts';
import { GpuVendor } from '../../packages/instrumentation/src/resources/gpu/gpu-vendor.ts';
import { nvidiaSmi } from '../../packages/instrumentation/src/resources/gpu/sources/nvidia-smi.ts';

export interface CollectionCost {
  readonly name: string;
  /** Of this process, all threads: programs it starts are not in it. */
  readonly cpuMs: number;
  readonly wallMs: number;
}

const host = { platform: process.platform, root: '/', now: () => performance.now() } as const;

/** What one collection of the machine costs the process it runs in: median of `collections`. */
export async function resourceCosts(collections: number): Promise<readonly CollectionCost[]> {
  const costs: CollectionCost[] = [];
  // Collectors keep no process alive, and nothing else is going on here.
  const keptAlive = setInterval(() => {}, 1000);
  const all: readonly ResourceCollector[] = resourceCollectors;
  for (const collector of all) {
    const reader = collector.open(host, { record: () => {}, complain, dcgmExporter: undefined });
    costs.push(await costOf(collector.name, collections, () => reader.read()));
    reader.close?.();
  }
  installReplay();
  const gpus = new GpuVendor({ sources: [nvidiaSmi], host, complain, pageUrl: undefined });
  costs.push(await costOf('gpu, a program that replays nvidia-smi', collections, () => gpus.read()));
  clearInterval(keptAlive);
  return costs;
}

function complain(message: string): never {
  throw new Error(message);
}

async function costOf(name: string, collections: number, read: () => Promise<unknown>): Promise<CollectionCost> {
  // The first one looks for programs, and compiles.
  for (let warmUp = 0; warmUp < 5; warmUp++) await read();
  const cpu: number[] = [];
  const wall: number[] = [];
  for (let collection = 0; collection < collections; collection++) {
    const startedAt = performance.now();
    const before = process.cpuUsage();
    await read();
    const { user, system } = process.cpuUsage(before);
    wall.push(performance.now() - startedAt);
    cpu.push((user + system) / 1000);
  }
  return { name, cpuMs: median(cpu), wallMs: median(wall) };
}

/** No GPU is needed: a real child process that writes what a driver once wrote. */
function installReplay(): void {
  const recording = new URL('../../packages/instrumentation/recorded/nvidia-smi/rtx-3080-v12.xml', import.meta.url);
  const folder = mkdtempSync(join(tmpdir(), 'driftline-bench-'));
  const path = join(folder, 'nvidia-smi');
  writeFileSync(path, `#!/bin/sh\nexec cat ${fileURLToPath(recording)}\n`);
  chmodSync(path, 0o755);
  process.env['PATH'] = `${folder}:${process.env['PATH']}`;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
