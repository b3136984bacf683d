import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Component, Installed } from './component.ts';

const run = promisify(execFile);
/** As Debian and others call it. */
const names = ['chromium', 'chromium-browser', 'google-chrome'] as const;

/** A real browser: the one on this machine, or Debian's. */
export const chromium: Component = {
  name: 'Chromium',

  async find() {
    const given = process.env['DRIFTLINE_CHROMIUM'];
    if (given !== undefined) {
      return describe(given).catch((error: unknown) => {
        throw new Error(`DRIFTLINE_CHROMIUM=${given} does not run; correct or unset it`, { cause: error });
      });
    }
    for (const name of names) {
      const found = await run('which', [name]).catch(() => undefined);
      if (found !== undefined) return describe(found.stdout.trim());
    }
    return undefined;
  },

  async install() {
    if (process.getuid?.() !== 0) throw new Error(`not installed, and only root may install it; ${wayOut}`);
    process.stdout.write('component Chromium: installing it once, this takes a minute\n');
    // Another program may hold the lock of the package database.
    const patient = ['-qq', '-o', 'DPkg::Lock::Timeout=300'];
    const environment = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, maxBuffer: 64 * 1024 * 1024 };
    try {
      await run('apt-get', [...patient, 'update'], environment);
      await run('apt-get', [...patient, 'install', '--yes', '--no-install-recommends', 'chromium'], environment);
    } catch (error) {
      throw new Error(`apt-get could not install it (${messageOf(error)}); ${wayOut}`, { cause: error });
    }
    return describe('/usr/bin/chromium');
  },
};

const wayOut = 'install Chromium (on Debian: apt-get install chromium), or set DRIFTLINE_CHROMIUM to a browser';

function messageOf(error: unknown): string {
  return error instanceof Error ? (error.message.trim().split('\n').at(-1) ?? error.name) : String(error);
}

async function describe(path: string): Promise<Installed> {
  const { stdout } = await run(path, ['--version']);
  return { path, version: stdout.trim() };
}
