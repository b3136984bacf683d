import { createRequire } from 'node:module';
import { join, sep } from 'node:path';
import { isObject } from '../module-exports.ts';

const { cache } = createRequire(import.meta.url);

/** Exports of CommonJS modules that were loaded before anybody hooked them, by `require` or `import`, in all copies. */
export function loadedModules(name: string): readonly object[] {
  const folder = `${sep}${join('node_modules', name)}${sep}`;
  return Object.entries(cache).flatMap(([path, module]) => {
    const exports: unknown = module?.exports;
    return path.includes(folder) && module?.loaded === true && isObject(exports) && isMain(name, path) ? [exports] : [];
  });
}

function isMain(name: string, path: string): boolean {
  try {
    return createRequire(path).resolve(name) === path;
  } catch {
    return false;
  }
}
