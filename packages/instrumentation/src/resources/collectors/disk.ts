import {
  ATTR_DISK_IO_DIRECTION,
  ATTR_SYSTEM_DEVICE,
  METRIC_SYSTEM_DISK_IO,
  METRIC_SYSTEM_DISK_IO_TIME,
  METRIC_SYSTEM_DISK_OPERATION_TIME,
  METRIC_SYSTEM_DISK_OPERATIONS,
} from '@driftline/semantic-conventions';
import { measured, measuredBy } from '../measured.ts';
import { plainNumber, times } from '../plain-number.ts';
import { namesIn, readText } from '../read-text.ts';
import { defineResourceCollector, type Measurement } from './resource-collector.ts';

export const disk = defineResourceCollector({
  name: 'disk',
  answers: 'How much is read and written, and how busy are the disks?',
  platforms: ['linux'],
  metrics: [
    METRIC_SYSTEM_DISK_IO,
    METRIC_SYSTEM_DISK_OPERATIONS,
    METRIC_SYSTEM_DISK_IO_TIME,
    METRIC_SYSTEM_DISK_OPERATION_TIME,
  ],
  copies: [],
  open: (host) => ({
    read: async () => {
      const [table, disks] = await Promise.all([readText(host, 'proc/diskstats'), namesIn(host, 'sys/block')]);
      return parseDiskStats(table ?? '', new Set(disks));
    },
  }),
});

const MAX_DISKS = 32;
/** In /proc/diskstats always, whatever the disk's own sectors are. */
const SECTOR_BYTES = 512;

/** Of whole disks: partitions would count everything twice. */
export function parseDiskStats(table: string, wholeDisks: ReadonlySet<string>): readonly Measurement[] {
  const rows = table.split('\n').map((line) => line.trim().split(/\s+/));
  const disks = rows.filter(([, , name = '']) => wholeDisks.has(name) && !/^(?:loop|ram|zram)\d/.test(name));
  return disks.slice(0, MAX_DISKS).flatMap(([, , device = '', ...fields]) => {
    const [reads, , sectorsRead, msReading, writes, , sectorsWritten, msWriting, , msBusy] = fields.map(plainNumber);
    const by = ATTR_DISK_IO_DIRECTION;
    const attributes = { [ATTR_SYSTEM_DEVICE]: device };
    const bytes = { read: times(sectorsRead, SECTOR_BYTES), write: times(sectorsWritten, SECTOR_BYTES) };
    const seconds = { read: times(msReading, 0.001), write: times(msWriting, 0.001) };
    return [
      ...measuredBy(METRIC_SYSTEM_DISK_IO, by, bytes, attributes),
      ...measuredBy(METRIC_SYSTEM_DISK_OPERATIONS, by, { read: reads, write: writes }, attributes),
      ...measuredBy(METRIC_SYSTEM_DISK_OPERATION_TIME, by, seconds, attributes),
      ...measured(METRIC_SYSTEM_DISK_IO_TIME, times(msBusy, 0.001), attributes),
    ];
  });
}
