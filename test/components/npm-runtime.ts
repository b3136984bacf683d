import { execFile } from 'node:child_process';
import { access, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Component, Installed } from './component.ts';

const run = promisify(execFile);

/** A JavaScript runtime that its makers publish on npm with the program inside: Deno, Bun. */
export function npmRuntime(name: string, version: string): Component {
  const programIn = (cache: string) => join(cache, `${name}-${version}`, 'node_modules/.bin', name);
  return {
    name,
    find: async (cache) =>
      access(programIn(cache)).then(
        () => describe(programIn(cache)),
        () => undefined,
      ),
    install: async (cache) => {
      const folder = join(cache, `${name}-${version}`);
      await mkdir(folder, { recursive: true });
      await writeFile(
        join(folder, 'package.json'),
        JSON.stringify({ private: true, dependencies: { [name]: version } }),
      );
      await run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder });
      return describe(programIn(cache));
    },
  };
}

async function describe(path: string): Promise<Installed> {
  const { stdout } = await run(path, ['--version']);
  return { path, version: stdout.trim().replaceAll('\n', ', ') };
}
