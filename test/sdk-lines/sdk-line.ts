import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Component, Installed } from '../components/component.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
const ourPackages = ['semantic-conventions', 'sketches', 'instrumentation'] as const;

export interface SdkLine {
  readonly name: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

/** A project of its own with one line of OpenTelemetry's SDK: inside our tree the other line would be found first. */
export function sdkLine({ name, dependencies }: SdkLine): Component {
  return {
    name,
    find: async (cache) => installedIn(join(cache, name), dependencies),
    install: async (cache) => {
      const folder = join(cache, name);
      await mkdir(folder, { recursive: true });
      const manifest = { name: 'application', private: true, type: 'module', dependencies };
      await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
      await run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder });
      const installed = await installedIn(folder, dependencies);
      if (installed === undefined) throw new Error(`npm install in ${folder} left other versions than asked for`);
      return installed;
    },
  };
}

async function installedIn(folder: string, dependencies: SdkLine['dependencies']): Promise<Installed | undefined> {
  const versions = await Promise.all(
    Object.keys(dependencies).map((name) => versionOf(join(folder, 'node_modules', name))),
  );
  const isAsAsked = Object.values(dependencies).every((version, i) => versions[i] === version);
  return isAsAsked
    ? {
        path: folder,
        version: Object.entries(dependencies)
          .map((entry) => entry.join(' '))
          .join(', '),
      }
    : undefined;
}

async function versionOf(folder: string): Promise<string | undefined> {
  try {
    const { version }: { readonly version: string } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    return version;
  } catch {
    return undefined;
  }
}

/** Of other people's packages. */
export function whatOursDependOn(): SdkLine['dependencies'] {
  const dependencies = ourPackages.flatMap((name) => {
    const manifest: { readonly dependencies?: SdkLine['dependencies'] } = JSON.parse(
      readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'),
    );
    return Object.entries(manifest.dependencies ?? {});
  });
  return Object.fromEntries(dependencies.filter(([name]) => !name.startsWith('@driftline/')));
}

/** Puts our packages into the project as npm would: packed, with their built files alone. */
export async function installOurs(project: string): Promise<void> {
  const packed = await mkdtemp(join(tmpdir(), 'driftline-packed-'));
  try {
    await run(
      process.execPath,
      [join(root, 'node_modules/typescript/bin/tsc'), '--build', 'packages/instrumentation'],
      { cwd: root },
    );
    for (const name of ourPackages) {
      const { stdout } = await run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', packed], {
        cwd: join(root, 'packages', name),
      });
      const target = join(project, 'node_modules/@driftline', name);
      await rm(target, { recursive: true, force: true });
      await mkdir(target, { recursive: true });
      await run('tar', ['-xzf', join(packed, stdout.trim()), '--strip-components=1', '-C', target]);
    }
  } finally {
    await rm(packed, { recursive: true });
  }
}
