import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseDiskStats } from './disk.ts';

/** The fields are those of Documentation/admin-guide/iostats.rst. */
const table = ` 259       0 nvme0n1 100 5 2048 40 200 7 4096 80 0 90 120 0 0 0 0
 259       1 nvme0n1p1 99 5 2000 39 199 7 4000 79 0 89 118 0 0 0 0
   7       0 loop0 9 0 700 1 0 0 0 0 0 2 1 0 0 0 0`;

it('counts whole disks: bytes of 512 a sector, operations, seconds', () => {
  const told = parseDiskStats(table, new Set(['nvme0n1', 'loop0']));
  const of = (direction: string) => ({ 'system.device': 'nvme0n1', 'disk.io.direction': direction });
  expect(told).toEqual([
    { metric: 'system.disk.io', value: 1_048_576, attributes: of('read') },
    { metric: 'system.disk.io', value: 2_097_152, attributes: of('write') },
    { metric: 'system.disk.operations', value: 100, attributes: of('read') },
    { metric: 'system.disk.operations', value: 200, attributes: of('write') },
    { metric: 'system.disk.operation_time', value: 0.04, attributes: of('read') },
    { metric: 'system.disk.operation_time', value: 0.08, attributes: of('write') },
    { metric: 'system.disk.io_time', value: 0.09, attributes: { 'system.device': 'nvme0n1' } },
  ]);
});

it('takes anything, and makes no number of what is none', () => {
  const field = fc.oneof(fc.nat().map(String), fc.constantFrom('sda', '-', 'NaN', '1e9', '99999999999999999999999'));
  const line = fc.array(field).map((fields) => fields.join(' '));
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(line).map((lines) => lines.join('\n')),
      ),
      (text) => parseDiskStats(text, new Set(['sda', ''])).every(({ value }) => Number.isFinite(value) && value >= 0),
    ),
  );
});
