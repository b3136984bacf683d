import { statfs } from 'node:fs/promises';
import { join, parse } from 'node:path';
import {
  ATTR_SYSTEM_DEVICE,
  ATTR_SYSTEM_FILESYSTEM_MOUNTPOINT,
  ATTR_SYSTEM_FILESYSTEM_STATE,
  ATTR_SYSTEM_FILESYSTEM_TYPE,
  METRIC_SYSTEM_FILESYSTEM_LIMIT,
  METRIC_SYSTEM_FILESYSTEM_USAGE,
  METRIC_SYSTEM_FILESYSTEM_UTILIZATION,
} from '@driftline/semantic-conventions';
import { measured, measuredBy } from '../measured.ts';
import { readText } from '../read-text.ts';
import { defineResourceCollector, type Host, type Measurement } from './resource-collector.ts';

export const filesystem = defineResourceCollector({
  name: 'filesystem',
  answers: 'How full are the disks?',
  platforms: 'all',
  metrics: [METRIC_SYSTEM_FILESYSTEM_USAGE, METRIC_SYSTEM_FILESYSTEM_LIMIT, METRIC_SYSTEM_FILESYSTEM_UTILIZATION],
  copies: [METRIC_SYSTEM_FILESYSTEM_UTILIZATION],
  open: (host) => ({
    read: async () => {
      const mounts = await mountsOf(host);
      const measured = await Promise.all(mounts.map((mount) => spaceOf(host, mount)));
      return measured.flat();
    },
  }),
});

export interface Mount {
  readonly device: string;
  readonly mountPoint: string;
  readonly type: string | undefined;
}

const MAX_MOUNTS = 16;

/** On local disks only: asking a file server that is gone would hold a thread of ours for ever. */
const localTypes: ReadonlySet<string> = new Set(
  'apfs bcachefs btrfs exfat ext2 ext3 ext4 f2fs jfs ntfs ntfs3 overlay reiserfs vfat xfs zfs'.split(' '),
);

async function mountsOf(host: Host): Promise<readonly Mount[]> {
  const table = await readText(host, 'proc/self/mountinfo');
  if (table !== undefined) return parseMounts(table);
  const mountPoint = parse(process.cwd()).root;
  return [{ device: mountPoint, mountPoint, type: undefined }];
}

/** Of /proc/self/mountinfo: one mount a filesystem, the outermost. */
export function parseMounts(table: string): readonly Mount[] {
  const byDevice = new Map<string, Mount>();
  for (const line of table.split('\n')) {
    const [, , number, root, mountPoint, ...others] = line.split(' ');
    const [type, device] = others.slice(others.indexOf('-') + 1);
    if (number === undefined || mountPoint === undefined || type === undefined || device === undefined) continue;
    if (!localTypes.has(type) || isPart(root, type, mountPoint)) continue;
    const mount = { device: unescaped(device), mountPoint: unescaped(mountPoint), type };
    const known = byDevice.get(number);
    if (known === undefined || mount.mountPoint.length < known.mountPoint.length) byDevice.set(number, mount);
  }
  return [...byDevice.values()].toSorted((a, b) => a.mountPoint.length - b.mountPoint.length).slice(0, MAX_MOUNTS);
}

/** Containers see single files of the host's disk, such as /etc/hosts, as mounts. Subvolumes of btrfs are whole. */
const isPart = (root: string | undefined, type: string, mountPoint: string): boolean =>
  root !== '/' && type !== 'btrfs' && mountPoint !== '/';

/** Spaces, tabs, line breaks and backslashes are octal there. */
const unescaped = (text: string): string =>
  text.replace(/\\([0-3][0-7]{2})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));

async function spaceOf({ root }: Host, { device, mountPoint, type }: Mount): Promise<readonly Measurement[]> {
  const { bsize, blocks, bfree, bavail } = await statfs(join(root, mountPoint));
  if (blocks === 0) return [];
  const attributes = {
    [ATTR_SYSTEM_DEVICE]: device,
    [ATTR_SYSTEM_FILESYSTEM_MOUNTPOINT]: mountPoint,
    ...(type !== undefined && { [ATTR_SYSTEM_FILESYSTEM_TYPE]: type }),
  };
  const used = blocks - bfree;
  const states = { used: used * bsize, free: bavail * bsize, reserved: (bfree - bavail) * bsize };
  return [
    ...measuredBy(METRIC_SYSTEM_FILESYSTEM_USAGE, ATTR_SYSTEM_FILESYSTEM_STATE, states, attributes),
    ...measured(METRIC_SYSTEM_FILESYSTEM_LIMIT, blocks * bsize, attributes),
    ...measured(METRIC_SYSTEM_FILESYSTEM_UTILIZATION, used / Math.max(1, used + bavail), attributes),
  ];
}
