import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
const requireFromHere = createRequire(import.meta.url);

/** As users have them: the published declarations, without the condition that leads to our sources. */
describe('the public types and every snippet of the README compile', () => {
  beforeAll(() => compile('typescript', '--build', 'packages/instrumentation'));

  it.each(['typescript-5', 'typescript-6', 'typescript'])('with %s', async (name) => {
    expect(await compile(name, '--project', 'test/types')).toBe('');
  });
});

async function compile(typescript: string, ...args: readonly string[]): Promise<string> {
  const compiler = join(dirname(requireFromHere.resolve(`${typescript}/package.json`)), 'bin/tsc');
  try {
    const { stdout } = await run(process.execPath, [compiler, ...args], { cwd: root });
    return stdout;
  } catch (error) {
    if (error instanceof Error && 'stdout' in error && typeof error.stdout === 'string') return error.stdout;
    throw error;
  }
}
