import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Component, obtain } from './component.ts';

const run = promisify(execFile);

export type Peer = 'alibi' | 'evidently' | 'nannyml' | 'scouter' | 'whylogs';

/** The Python of a peer's environment, installed where it is not yet here. Throws an Error that says why it cannot be had. */
export async function pythonOf(peer: Peer): Promise<string> {
  const found = await obtain(peerEnvironment(peer));
  if (found.state === 'missing') throw new Error(`no ${peer} to compare with: ${found.reason}`);
  return join(found.path, 'bin/python');
}

/**
 * A Python environment of its own for `peers/<name>.txt`, a list of pinned packages: peers pin libraries that conflict.
 * Needs Python 3.11 or newer with `venv`. What is found is its folder: `bin/python`.
 */
function peerEnvironment(name: Peer): Component {
  const requirements = join(import.meta.dirname, 'peers', `${name}.txt`);
  const folderIn = async (cache: string): Promise<string> => {
    const hash = createHash('sha256').update(await readFile(requirements));
    return join(cache, `peer-${name}-${hash.digest('hex').slice(0, 12)}`);
  };
  return {
    name: `peer ${name}`,

    async find(cache) {
      const folder = await folderIn(cache);
      return access(join(folder, 'bin/python')).then(
        () => ({ path: folder, version: name }),
        () => undefined,
      );
    },

    async install(cache) {
      const python = process.env['DRIFTLINE_PYTHON'] ?? 'python3';
      const folder = await folderIn(cache);
      process.stdout.write(`component peer ${name}: installing it once, this takes minutes\n`);
      const scratch = `${folder}-install`;
      await rm(scratch, { recursive: true, force: true });
      await run(python, ['-m', 'venv', scratch]).catch((error: unknown) => {
        const wayOut = 'install it (apt-get install python3-venv), or name another Python by DRIFTLINE_PYTHON';
        throw new Error(`${python} -m venv does not run; ${wayOut}`, { cause: error });
      });
      await run(join(scratch, 'bin/python'), ['-m', 'pip', 'install', '--quiet', '--requirement', requirements]);
      // A virtual environment does not mind being moved where its programs are run by its own Python.
      await rename(scratch, folder);
      return { path: folder, version: name };
    },
  };
}
