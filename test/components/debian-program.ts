import { execFile } from 'node:child_process';
import { access, chmod, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Component, Installed } from './component.ts';

const run = promisify(execFile);

export interface DebianProgram {
  readonly name: string;
  /** As apt knows it. */
  readonly package: string;
  /** Inside the package. */
  readonly program: string;
  readonly versionFlag: string;
  /** Names a program that is used instead. */
  readonly variable: string;
}

/**
 * A program of this machine, or its Debian package and what it needs and is missing here, unpacked into the cache: needs
 * no root, starts no daemon, and leaves the system as it is.
 */
export function debianProgram({ name, package: wanted, program, versionFlag, variable }: DebianProgram): Component {
  const describe = async (path: string): Promise<Installed> => {
    const { stdout, stderr } = await run(path, [versionFlag]);
    return { path, version: (stdout || stderr).split('\n')[0]?.trim() ?? '' };
  };
  const launcherIn = (folder: string) => join(folder, 'launch');

  return {
    name,

    async find(cache) {
      const given = process.env[variable];
      if (given !== undefined) {
        return describe(given).catch((error: unknown) => {
          throw new Error(`${variable}=${given} does not run; correct or unset it`, { cause: error });
        });
      }
      const launcher = launcherIn(join(cache, wanted));
      for (const path of [`/${program}`, launcher]) {
        const isHere = await access(path).then(
          () => true,
          () => false,
        );
        if (isHere) return describe(path);
      }
      return undefined;
    },

    async install(cache) {
      const folder = join(cache, wanted);
      const scratch = await mkdtemp(`${folder}-`);
      try {
        await run('apt-get', ['download', ...(await missingPackages(wanted, variable))], { cwd: scratch });
        for (const file of (await readdir(scratch)).filter((file) => file.endsWith('.deb')))
          await run('dpkg', ['-x', join(scratch, file), scratch]);
        await writeFile(launcherIn(scratch), launcher(folder, program));
        await chmod(launcherIn(scratch), 0o755);
        await rm(folder, { recursive: true, force: true });
        await rename(scratch, folder);
      } finally {
        await rm(scratch, { recursive: true, force: true });
      }
      return describe(launcherIn(folder));
    },
  };
}

/** The package and those of its dependencies that this machine lacks. */
async function missingPackages(wanted: string, variable: string): Promise<readonly string[]> {
  const ask = () => run('apt-get', ['--print-uris', '--yes', '--no-install-recommends', 'install', wanted]);
  const { stdout } = await ask()
    // A fresh machine or container has no package lists yet.
    .catch(() => run('apt-get', ['update']).then(ask))
    .catch((error: unknown) => {
      throw new Error(`apt-get does not have ${wanted}; install it, or set ${variable} to the program`, {
        cause: error,
      });
    });
  return [...stdout.matchAll(/^'[^']+' ([^_\s]+)_\S+\.deb /gm)].map(([, name = '']) => name);
}

/** Libraries lie beside the program, wherever Debian puts those of this processor. */
function launcher(folder: string, program: string): string {
  return `#!/bin/sh
for libraries in '${folder}'/usr/lib/*-linux-gnu* '${folder}'/lib/*-linux-gnu*; do
  LD_LIBRARY_PATH="$libraries\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
done
export LD_LIBRARY_PATH
exec '${join(folder, program)}' "$@"
`;
}
