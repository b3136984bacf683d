import { readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ModelHealthTest } from '@driftline/health';

export interface LoadedTest {
  /** As the user would name it. */
  readonly file: string;
  readonly test: ModelHealthTest;
}

/** @throws where a path leads nowhere, a file cannot be loaded or has no test, or two tests would share their results. */
export async function loadTests(paths: readonly string[]): Promise<readonly LoadedTest[]> {
  const files = (await Promise.all((paths.length === 0 ? ['.'] : paths).map(testFilesAt))).flat().toSorted();
  if (files.length === 0)
    throw new Error(
      `no model health test in ${paths.join(', ') || 'this folder'}: files are named *.health.ts, .js or .mjs; or give their paths`,
    );
  const loaded: LoadedTest[] = [];
  for (const file of new Set(files)) loaded.push(...(await testsOf(file)));
  for (const [index, { file, test }] of loaded.entries()) {
    const first = loaded.findIndex((other) => other.test.model.name === test.model.name);
    if (first < index)
      throw new Error(
        `${file}: the model ${JSON.stringify(test.model.name)} is tested in ${loaded[first]?.file} already; put its tests into one defineModelHealthTest`,
      );
  }
  return loaded;
}

async function testFilesAt(path: string): Promise<readonly string[]> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw new Error(`${path} does not exist; give a test file or a folder with some`);
  return found.isDirectory() ? testFilesIn(path) : [path];
}

/** Builds and dependencies have copies of tests that are none of ours. */
async function testFilesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const found = entries.map(async (entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return /^(\.|node_modules$|dist$)/.test(entry.name) ? [] : testFilesIn(path);
    return /\.health\.(ts|js|mjs)$/.test(entry.name) ? [path] : [];
  });
  return (await Promise.all(found)).flat();
}

async function testsOf(file: string): Promise<readonly LoadedTest[]> {
  const exported: Readonly<Record<string, unknown>> = await import(pathToFileURL(file).href).catch((error: unknown) => {
    throw new Error(`${file} cannot be loaded: ${reasonOf(error)}`, { cause: error });
  });
  const tests = [...new Set(Object.values(exported))].filter(isModelHealthTest);
  if (tests.length === 0)
    throw new Error(`${file} exports no model health test; export default defineModelHealthTest({ ... })`);
  return tests.map((test) => ({ file: relative('.', file), test }));
}

/** By its form: the file may have another copy of the package. */
function isModelHealthTest(exported: unknown): exported is ModelHealthTest {
  return (
    typeof exported === 'object' &&
    exported !== null &&
    'model' in exported &&
    'load' in exported &&
    typeof exported.load === 'function' &&
    'of' in exported &&
    typeof exported.of === 'function'
  );
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isTypeScript = 'code' in error && error.code === 'ERR_UNKNOWN_FILE_EXTENSION';
  return isTypeScript ? 'this Node.js does not read TypeScript; use 22.18 or later, or compile it' : error.message;
}
