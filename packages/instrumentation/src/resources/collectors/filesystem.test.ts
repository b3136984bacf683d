import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseMounts } from './filesystem.ts';

/** The first line is proc(5)'s example; the others have the shape of a Kubernetes pod's. */
const table = `36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue
1184 1027 0:312 / / rw,relatime master:411 - overlay overlay rw,lowerdir=/var/lib/containerd/1/fs
1185 1184 0:313 / /proc rw,nosuid,nodev,noexec,relatime - proc proc rw
1192 1184 259:1 /var/lib/kubelet/pods/1/etc-hosts /etc/hosts rw,noatime - xfs /dev/nvme0n1p1 rw,attr2
1195 1184 259:4 / /models\\040of\\040today rw,relatime - ext4 /dev/nvme1n1 rw
1196 1184 259:4 / /models ro,relatime - ext4 /dev/nvme1n1 rw
1197 1184 0:54 / /shared rw,relatime - nfs4 fileserver:/export rw,vers=4.2`;

it('finds local filesystems, each once, without single files, kernels and file servers', () => {
  expect(parseMounts(table)).toEqual([
    { device: 'overlay', mountPoint: '/', type: 'overlay' },
    { device: '/dev/nvme1n1', mountPoint: '/models', type: 'ext4' },
  ]);
});

it('reads spaces in names', () => {
  const [line = ''] = table.split('\n').filter((one) => one.includes('today'));
  expect(parseMounts(line)).toEqual([{ device: '/dev/nvme1n1', mountPoint: '/models of today', type: 'ext4' }]);
});

it('is bounded on machines with thousands of mounts', () => {
  const many = Array.from({ length: 5000 }, (_, index) => `1 1 8:${index} / /m${index} rw - ext4 /dev/sd${index} rw`);
  expect(parseMounts(many.join('\n'))).toHaveLength(16);
});

it('takes anything', () => {
  const piece = fc.constantFrom(' ', '\n', '-', '/', '\\040', '\\777', 'ext4', '8:1', 'é');
  const text = fc.oneof(
    fc.string(),
    fc.array(fc.oneof(piece, fc.string())).map((pieces) => pieces.join('')),
  );
  fc.assert(fc.property(text, (anything) => parseMounts(anything).length <= 16));
});
