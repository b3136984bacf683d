import { spawn } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { setImmediate as turn } from 'node:timers/promises';
import type { TestMachine } from '../model-tests/test-machine.ts';

/** The process that runs the tests, and others like it. */
export const thisMachine: TestMachine = {
  now: () => performance.now(),

  memory() {
    const { heapUsed, external, rss } = process.memoryUsage();
    return { heap: heapUsed + external, resident: rss };
  },

  get collectGarbage() {
    const { gc } = globalThis;
    if (gc === undefined) return undefined;
    return async () => {
      await gc({ execution: 'async' });
      // What finalizers let go of is garbage of the second collection.
      await turn();
      await gc({ execution: 'async' });
    };
  },

  async fileBytes(path) {
    return (await stat(path)).size;
  },

  coldLoad(module, exportName, signal) {
    const program = `
      const startedAt = performance.now();
      const { [process.argv[2]]: load } = await import(process.argv[1]);
      if (typeof load !== 'function') throw new Error(process.argv[1] + ' exports no function ' + process.argv[2]);
      await load();
      process.send(performance.now() - startedAt, () => process.exit());`;
    return new Promise((resolve, reject) => {
      const args = [...process.execArgv, '--input-type=module', '--eval', program, module.href, exportName];
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], signal });
      let complaint = '';
      child.stderr?.on('data', (chunk) => (complaint += chunk));
      child.once('message', (ms) => resolve(Number(ms)));
      child.once('error', reject);
      child.once('close', (code) => {
        const [reason = `it ended with code ${code}`] = complaint.match(/^\w*Error.*$/m) ?? [];
        reject(new Error(`${module.href} cannot be loaded in a process of its own: ${reason}`));
      });
    });
  },
};
