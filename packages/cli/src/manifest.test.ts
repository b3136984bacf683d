import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const folder = join(import.meta.dirname, '..');

it('the command that npm links is in the repository, since npm links before it builds', () => {
  const { bin }: { bin: { driftline: string } } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const tracked = execFileSync('git', ['ls-files', '--', bin.driftline], { cwd: folder, encoding: 'utf8' });
  expect(tracked.trim()).toBe(join(bin.driftline));
});
