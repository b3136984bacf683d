import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('./service.ts', import.meta.url));

/** A service process of its own. */
export class Replica implements AsyncDisposable {
  readonly port: number;
  readonly #process: ChildProcess;
  readonly #exited: Promise<unknown>;
  #said = '';

  constructor(name: string, port: number, { delayMs }: { readonly delayMs: number }) {
    this.port = port;
    const options = ['--conditions=@driftline/source', program, name, `${port}`, `${delayMs}`];
    this.#process = spawn(process.execPath, options, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#process.stdout?.on('data', (chunk) => (this.#said += String(chunk)));
    this.#exited = once(this.#process, 'close');
  }

  /** What it said of its drain. */
  get steps(): readonly string[] {
    return this.#said.trim().split('\n');
  }

  async status(path: string): Promise<number | undefined> {
    return fetch(`http://127.0.0.1:${this.port}${path}`).then(
      ({ status }) => status,
      () => undefined,
    );
  }

  async setBias(bias: number): Promise<void> {
    await fetch(`http://127.0.0.1:${this.port}/bias/${bias}`, { method: 'PUT' });
  }

  signal(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  /** Its exit code, once it ended. */
  async exited(): Promise<number | null> {
    await this.#exited;
    return this.#process.exitCode;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.signal('SIGKILL');
    await this.#exited;
  }
}
