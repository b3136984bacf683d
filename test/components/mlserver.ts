import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, cp, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Component } from './component.ts';

const run = promisify(execFile);
const source = join(import.meta.dirname, 'mlserver');

/**
 * MLServer, a server of the Open Inference Protocol, in a Python environment of its own, with a model of scikit-learn that
 * is trained here. Needs Python 3.11 or newer with `venv`. What is found is a folder: `bin/mlserver`, `models/`.
 */
export const mlserver: Component = {
  name: 'MLServer',

  async find(cache) {
    const folder = await folderIn(cache);
    return access(folder).then(
      async () => ({ path: folder, version: await versionIn(folder) }),
      () => undefined,
    );
  },

  async install(cache) {
    const python = process.env['DRIFTLINE_PYTHON'] ?? 'python3';
    const folder = await folderIn(cache);
    process.stdout.write('component MLServer: installing it once, this takes a minute\n');
    await rm(folder, { recursive: true, force: true });
    const scratch = `${folder}-install`;
    await rm(scratch, { recursive: true, force: true });
    await run(python, ['-m', 'venv', scratch]).catch((error: unknown) => {
      const wayOut = 'install it (apt-get install python3-venv), or name another Python by DRIFTLINE_PYTHON';
      throw new Error(`${python} -m venv does not run; ${wayOut}`, { cause: error });
    });
    const inScratch = (...command: readonly string[]) => run(join(scratch, 'bin/python'), [...command]);
    await inScratch('-m', 'pip', 'install', '--quiet', '--requirement', join(source, 'requirements.txt'));
    await cp(source, join(scratch, 'models'), { recursive: true });
    await inScratch(join(source, 'hiring/train.py'), join(scratch, 'models/hiring/model.joblib'));
    // A virtual environment does not mind being moved where its programs are run by its own Python.
    await rename(scratch, folder);
    return { path: folder, version: await versionIn(folder) };
  },
};

/** One environment for each set of versions and models. */
async function folderIn(cache: string): Promise<string> {
  const hash = createHash('sha256');
  for (const file of [
    'requirements.txt',
    'settings.json',
    'hiring/model-settings.json',
    'hiring/traced_model.py',
    'hiring/train.py',
  ]) {
    hash.update(await readFile(join(source, file)));
  }
  return join(cache, `mlserver-${hash.digest('hex').slice(0, 12)}`);
}

async function versionIn(folder: string): Promise<string> {
  const versions =
    'import importlib.metadata as m; print(m.version("mlserver"), "scikit-learn", m.version("scikit-learn"))';
  const { stdout } = await run(join(folder, 'bin/python'), ['-c', versions]);
  return stdout.trim();
}
