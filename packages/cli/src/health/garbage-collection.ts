import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** As `node --expose-gc` would, which nobody can be asked to remember: memory tests need it. */
export function enableGarbageCollection(): void {
  if (globalThis.gc !== undefined) return;
  setFlagsFromString('--expose-gc');
  globalThis.gc = runInNewContext('gc');
}
