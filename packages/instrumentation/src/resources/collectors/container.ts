import { posix } from 'node:path';
import {
  ATTR_CPU_MODE,
  METRIC_CONTAINER_CPU_TIME,
  METRIC_CONTAINER_CPU_USAGE,
  METRIC_CONTAINER_MEMORY_AVAILABLE,
  METRIC_CONTAINER_MEMORY_RSS,
  METRIC_CONTAINER_MEMORY_USAGE,
  METRIC_CONTAINER_MEMORY_WORKING_SET,
  METRIC_CONTAINER_PAGING_FAULTS,
  METRIC_DRIFTLINE_CONTAINER_CPU_LIMIT,
  METRIC_DRIFTLINE_CONTAINER_CPU_THROTTLED_TIME,
  METRIC_DRIFTLINE_CONTAINER_MEMORY_LIMIT,
  METRIC_DRIFTLINE_CONTAINER_MEMORY_UTILIZATION,
} from '@driftline/semantic-conventions';
import { measured, measuredBy } from '../measured.ts';
import { pageFaults } from '../page-faults.ts';
import { namedNumbers, plainNumber, times } from '../plain-number.ts';
import { readText } from '../read-text.ts';
import { defineResourceCollector, type Host, type Measurement } from './resource-collector.ts';

export const container = defineResourceCollector({
  name: 'container',
  answers: 'How much of what the container may use does it use?',
  platforms: ['linux'],
  metrics: [
    METRIC_CONTAINER_CPU_TIME,
    METRIC_CONTAINER_CPU_USAGE,
    METRIC_CONTAINER_MEMORY_USAGE,
    METRIC_CONTAINER_MEMORY_WORKING_SET,
    METRIC_CONTAINER_MEMORY_RSS,
    METRIC_CONTAINER_MEMORY_AVAILABLE,
    METRIC_CONTAINER_PAGING_FAULTS,
    METRIC_DRIFTLINE_CONTAINER_CPU_LIMIT,
    METRIC_DRIFTLINE_CONTAINER_CPU_THROTTLED_TIME,
    METRIC_DRIFTLINE_CONTAINER_MEMORY_LIMIT,
    METRIC_DRIFTLINE_CONTAINER_MEMORY_UTILIZATION,
  ],
  copies: [
    METRIC_CONTAINER_CPU_USAGE,
    METRIC_CONTAINER_MEMORY_WORKING_SET,
    METRIC_DRIFTLINE_CONTAINER_MEMORY_UTILIZATION,
  ],
  open: (host) => {
    const cpuUsage = cpuUsageSinceLast(host);
    return {
      read: async () => {
        const cgroup = await readCgroup(host);
        return cgroup === undefined ? [] : [...memoryOf(cgroup), ...cpuOf(cgroup), ...cpuUsage(cgroup)];
      },
    };
  },
});

/** What the files of a control group (cgroup v2) and the limits of those above it say. */
export interface Cgroup {
  readonly path: string;
  readonly memoryBytes: number;
  readonly memory: ReadonlyMap<string, number>;
  readonly cpu: ReadonlyMap<string, number>;
  readonly memoryLimitBytes: number | undefined;
  readonly cpuLimit: number | undefined;
}

const MOUNT = 'sys/fs/cgroup';
const MAX_DEPTH = 16;
const MICROSECONDS = 1e6;

/** Undefined outside of containers, and where the host still runs cgroup v1. */
async function readCgroup(host: Host): Promise<Cgroup | undefined> {
  const path = parseCgroupPath((await readText(host, 'proc/self/cgroup')) ?? '');
  if (path === undefined) return undefined;
  const own = posix.join(MOUNT, path);
  const [current, memory, cpu, limits] = await Promise.all([
    readText(host, `${own}/memory.current`),
    readText(host, `${own}/memory.stat`),
    readText(host, `${own}/cpu.stat`),
    Promise.all(withParents(path).map((part) => limitsAt(host, posix.join(MOUNT, part)))),
  ]);
  const memoryBytes = plainNumber(current?.trim());
  if (memoryBytes === undefined) return undefined;
  const cgroup = {
    path,
    memoryBytes,
    memory: namedNumbers(memory ?? ''),
    cpu: namedNumbers(cpu ?? ''),
    memoryLimitBytes: least(limits.map((limit) => limit.memoryBytes)),
    cpuLimit: least(limits.map((limit) => limit.cpus)),
  };
  return isContainer(cgroup) ? cgroup : undefined;
}

/** Of /proc/self/cgroup: v2 is the line of hierarchy 0. Paths that climb out of their mount are not followed. */
export function parseCgroupPath(text: string): string | undefined {
  const line = text.split('\n').find((one) => one.startsWith('0::/'));
  const path = line?.slice('0::'.length).trim();
  return path === undefined || path.split('/').includes('..') ? undefined : path;
}

/** A login session is a control group too: only one that has limits, or that a container runtime named, is meant. */
const isContainer = ({ path, memoryLimitBytes, cpuLimit }: Cgroup): boolean =>
  path === '/' ||
  memoryLimitBytes !== undefined ||
  cpuLimit !== undefined ||
  /docker|kubepods|libpod|containerd|crio|lxc|ecs/.test(path);

function withParents(path: string): readonly string[] {
  const names = path.split('/').filter((name) => name !== '');
  return names
    .slice(0, MAX_DEPTH)
    .reduce<readonly string[]>((paths, name) => [...paths, `${paths.at(-1)}/${name}`], ['']);
}

interface Limits {
  readonly memoryBytes: number | undefined;
  readonly cpus: number | undefined;
}

async function limitsAt(host: Host, folder: string): Promise<Limits> {
  const [memory, cpu] = await Promise.all([
    readText(host, `${folder}/memory.max`),
    readText(host, `${folder}/cpu.max`),
  ]);
  return { memoryBytes: plainNumber(memory?.trim()), cpus: parseCpuMax(cpu ?? '') };
}

/** `max 100000`, or the microseconds that may be used in every so many. */
export function parseCpuMax(text: string): number | undefined {
  const [quota, period] = text.trim().split(/\s+/).map(plainNumber);
  return quota === undefined || period === undefined || period <= 0 ? undefined : quota / period;
}

function least(limits: readonly (number | undefined)[]): number | undefined {
  const there = limits.filter((limit) => limit !== undefined);
  return there.length === 0 ? undefined : Math.min(...there);
}

export function memoryOf({ memoryBytes, memory, memoryLimitBytes: limit }: Cgroup): readonly Measurement[] {
  const workingSet = Math.max(0, memoryBytes - (memory.get('inactive_file') ?? 0));
  const available = limit === undefined ? undefined : Math.max(0, limit - workingSet);
  return [
    ...measured(METRIC_CONTAINER_MEMORY_USAGE, memoryBytes),
    ...measured(METRIC_CONTAINER_MEMORY_WORKING_SET, workingSet),
    ...measured(METRIC_CONTAINER_MEMORY_RSS, memory.get('anon')),
    ...measured(METRIC_CONTAINER_MEMORY_AVAILABLE, available),
    ...measured(METRIC_DRIFTLINE_CONTAINER_MEMORY_LIMIT, limit),
    ...measured(METRIC_DRIFTLINE_CONTAINER_MEMORY_UTILIZATION, limit === undefined ? undefined : workingSet / limit),
    ...pageFaults(METRIC_CONTAINER_PAGING_FAULTS, { all: memory.get('pgfault'), major: memory.get('pgmajfault') }),
  ];
}

export function cpuOf({ cpu, cpuLimit }: Cgroup): readonly Measurement[] {
  const seconds = (name: string): number | undefined => times(cpu.get(name), 1 / MICROSECONDS);
  return [
    ...measuredBy(METRIC_CONTAINER_CPU_TIME, ATTR_CPU_MODE, {
      user: seconds('user_usec'),
      system: seconds('system_usec'),
    }),
    ...measured(METRIC_DRIFTLINE_CONTAINER_CPU_THROTTLED_TIME, seconds('throttled_usec')),
    ...measured(METRIC_DRIFTLINE_CONTAINER_CPU_LIMIT, cpuLimit),
  ];
}

function cpuUsageSinceLast(host: Host): (cgroup: Cgroup) => readonly Measurement[] {
  let before: { readonly atMs: number; readonly seconds: number } | undefined;
  return ({ cpu }) => {
    const used = cpu.get('usage_usec');
    if (used === undefined) return [];
    const last = before;
    before = { atMs: host.now(), seconds: used / MICROSECONDS };
    if (last === undefined || before.atMs <= last.atMs) return [];
    const value = (before.seconds - last.seconds) / ((before.atMs - last.atMs) / 1000);
    return measured(METRIC_CONTAINER_CPU_USAGE, Math.max(0, value));
  };
}
