import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');

interface Manifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly bin?: Readonly<Record<string, string>>;
}

describe('what npm would publish', async () => {
  const folders = (await readdir(join(root, 'packages'))).filter((folder) => folder !== 'dashboard');
  const manifests = await Promise.all(
    folders.map(async (folder) => {
      const manifest: Manifest = JSON.parse(await readFile(join(root, 'packages', folder, 'package.json'), 'utf8'));
      return manifest;
    }),
  );
  let project: string;

  beforeAll(async () => {
    project = await mkdtemp(join(tmpdir(), 'driftline-packages-'));
    await run('npx', ['tsc', '--build'], { cwd: root });
    const { stdout } = await run(
      'npm',
      ['pack', '--json', '--ignore-scripts', '--workspaces', '--pack-destination', project],
      { cwd: root },
    );
    const packed = packedFiles(stdout).filter((file) => file.startsWith('driftline'));
    await writeFile(join(project, 'package.json'), JSON.stringify({ name: 'empty', private: true, type: 'module' }));
    await run('npm', ['install', '--no-audit', '--no-fund', ...packed.map((file) => `./${file}`), ...openTelemetry], {
      cwd: project,
    });
  });
  afterAll(() => rm(project, { recursive: true, force: true }));

  it.each(manifests.map(({ name, exports }) => ({ name, entries: modulesOf(exports) })))(
    '$name installs into an empty project and every entry imports',
    async ({ name, entries }) => {
      for (const entry of entries) {
        const specifier = name + entry.slice(1);
        const script = `const entry = await import('${specifier}'); if (Object.keys(entry).length === 0) throw new Error('exports nothing')`;
        await run(process.execPath, ['--input-type=module', '--eval', script], { cwd: project });
      }
    },
  );

  it('the command line answers from there', async () => {
    const { stdout } = await run(process.execPath, [join(project, 'node_modules', '.bin', 'driftline'), '--help'], {
      cwd: project,
    });
    expect(stdout).toContain('serve');
  });

  it.each(folders)('packages/%s passes publint and are-the-types-wrong', async (folder) => {
    const folderPath = join(root, 'packages', folder);
    await run('npx', ['publint', '--strict', '--pack', 'npm', folderPath], { cwd: root });
    await run('npx', ['attw', '--pack', folderPath, '--profile', 'esm-only', '--exclude-entrypoints', 'package.json'], {
      cwd: root,
    });
  });
});

/**
 * Entries that are code and export something: schemas and manifests are files. A matcher can be imported inside its test
 * runner only; `register` is tested with what it registers.
 */
function modulesOf(exports: Manifest['exports']): readonly string[] {
  return Object.entries(exports).flatMap(([entry, target]) =>
    typeof target === 'string' || ['./vitest', './register'].includes(entry) ? [] : [entry],
  );
}

/** What `/auto` needs, and the others do without. */
const openTelemetry = ['@opentelemetry/api@1.9.1', '@opentelemetry/instrumentation@0.223.0'] as const;

function packedFiles(json: string): readonly string[] {
  const packed: Readonly<Record<string, { readonly filename: string }>> = JSON.parse(json);
  return Object.values(packed).map(({ filename }) => filename);
}
