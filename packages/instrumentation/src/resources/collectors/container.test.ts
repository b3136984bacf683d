import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { container, parseCgroupPath, parseCpuMax } from './container.ts';
import type { Measurement, ResourceCollector } from './resource-collector.ts';

let root: string;
let nowMs = 0;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'driftline-cgroup-'));
});

afterEach(() => rm(root, { recursive: true }));

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
}

const collector: ResourceCollector = container;

function open() {
  const host = { platform: 'linux', root, now: () => nowMs } as const;
  return collector.open(host, { record: () => {}, complain: () => {}, dcgmExporter: undefined });
}

const valueOf = (measurements: readonly Measurement[], name: string) =>
  measurements.find(({ metric }) => metric === name)?.value;

const MEBIBYTE = 2 ** 20;

it("is the container's share of memory, not the host's", async () => {
  await write({
    'proc/self/cgroup': '0::/\n',
    'sys/fs/cgroup/memory.current': `${300 * MEBIBYTE}\n`,
    'sys/fs/cgroup/memory.max': `${512 * MEBIBYTE}\n`,
    'sys/fs/cgroup/memory.stat': `anon ${150 * MEBIBYTE}\ninactive_file ${44 * MEBIBYTE}\npgfault 90\npgmajfault 3\n`,
    'sys/fs/cgroup/cpu.stat': 'usage_usec 3000000\nuser_usec 2000000\nsystem_usec 1000000\nthrottled_usec 250000\n',
    'sys/fs/cgroup/cpu.max': '150000 100000\n',
  });
  const reader = open();
  const told = await reader.read();
  expect(valueOf(told, 'container.memory.working_set')).toBe(256 * MEBIBYTE);
  expect(valueOf(told, 'driftline.container.memory.utilization')).toBe(0.5);
  expect(valueOf(told, 'container.memory.available')).toBe(256 * MEBIBYTE);
  expect(valueOf(told, 'container.memory.rss')).toBe(150 * MEBIBYTE);
  expect(valueOf(told, 'driftline.container.cpu.limit')).toBe(1.5);
  expect(valueOf(told, 'driftline.container.cpu.throttled_time')).toBe(0.25);
  expect(valueOf(told, 'container.cpu.usage')).toBeUndefined();

  nowMs += 2000;
  await write({ 'sys/fs/cgroup/cpu.stat': 'usage_usec 6000000\nuser_usec 4000000\nsystem_usec 2000000\n' });
  expect(valueOf(await reader.read(), 'container.cpu.usage')).toBe(1.5);
});

it('is bound by the least limit of the groups above', async () => {
  const pod = 'sys/fs/cgroup/kubepods.slice/pod1';
  await write({
    'proc/self/cgroup': '0::/kubepods.slice/pod1/model\n',
    [`${pod}/model/memory.current`]: '100\n',
    [`${pod}/model/memory.max`]: 'max\n',
    [`${pod}/model/cpu.max`]: 'max 100000\n',
    [`${pod}/memory.max`]: '400\n',
    'sys/fs/cgroup/kubepods.slice/memory.max': '9000\n',
  });
  const told = await open().read();
  expect(valueOf(told, 'driftline.container.memory.limit')).toBe(400);
  expect(valueOf(told, 'driftline.container.cpu.limit')).toBeUndefined();
});

it.each([
  ['under cgroup v1', { 'proc/self/cgroup': '4:memory:/docker/1\n1:cpu:/docker/1\n', 'sys/fs/cgroup/memory/x': '' }],
  ['on a host with both', { 'proc/self/cgroup': '4:memory:/\n0::/\n', 'sys/fs/cgroup/unified/x': '' }],
  [
    'in a login session without limits',
    { 'proc/self/cgroup': '0::/user.slice/1.scope\n', 'sys/fs/cgroup/user.slice/1.scope/memory.current': '5\n' },
  ],
])('tells nothing %s', async (_, files) => {
  await write(files);
  expect(await open().read()).toEqual([]);
});

it('follows no path out of its place, and takes anything', () => {
  expect(parseCgroupPath('0::/../../etc\n')).toBeUndefined();
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.string().map((text) => `0::/${text}`),
      ),
      (text) => {
        const path = parseCgroupPath(text);
        const limit = parseCpuMax(text);
        return path?.split('/').includes('..') !== true && (limit === undefined || Number.isFinite(limit));
      },
    ),
  );
});
