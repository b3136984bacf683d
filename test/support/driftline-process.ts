import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url));

/** `driftline` as its users run it: a process of its own. */
export class DriftlineProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #exited: Promise<number | null>;
  #stdout = '';
  #stderr = '';

  constructor(args: readonly string[], options: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv }) {
    this.#child = spawn(process.execPath, ['--conditions=@driftline/source', main, ...args], {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.stdout?.on('data', (chunk: Buffer) => (this.#stdout += chunk.toString()));
    this.#child.stderr?.on('data', (chunk: Buffer) => (this.#stderr += chunk.toString()));
    this.#exited = once(this.#child, 'close').then(() => this.#child.exitCode);
  }

  /** Its own lines for people. */
  get output(): string {
    return this.#stdout + this.#stderr;
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error('the process did not start');
    return this.#child.pid;
  }

  /** Its exit code, once it ended; null after a signal that it did not survive. */
  get exited(): Promise<number | null> {
    return this.#exited;
  }

  /** Where it listens, once it does. */
  async url(): Promise<string> {
    for (;;) {
      const url = /DRIFTLINE_ENDPOINT=(\S+)/.exec(this.#stdout)?.[1];
      if (url !== undefined) return url;
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) throw new Error(this.output);
      await Promise.race([once(this.#child.stdout!, 'data'), this.#exited]);
    }
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.kill('SIGKILL');
    await this.#exited;
  }
}
