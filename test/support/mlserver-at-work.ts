import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from './free-port.ts';

/** MLServer with its model `hiring`, as the component has it. */
export class MLServerAtWork implements AsyncDisposable {
  readonly url: string;
  readonly #child: ChildProcess;
  #said = '';

  private constructor(url: string, child: ChildProcess) {
    this.url = url;
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (this.#said += chunk));
  }

  static async start(installed: string): Promise<MLServerAtWork> {
    const [http, grpc, metrics] = [await freePort(), await freePort(), await freePort()];
    const main = 'from mlserver.cli import main; main()';
    const child = spawn(join(installed, 'bin/python'), ['-c', main, 'start', join(installed, 'models')], {
      env: {
        PATH: process.env['PATH'],
        MLSERVER_HTTP_PORT: String(http),
        MLSERVER_GRPC_PORT: String(grpc),
        MLSERVER_METRICS_PORT: String(metrics),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const server = new MLServerAtWork(`http://127.0.0.1:${http}`, child);
    await server.#isReady();
    return server;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGKILL');
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'exit');
  }

  async #isReady(): Promise<void> {
    for (let tries = 0; tries < 300; tries++) {
      if (this.#child.exitCode !== null) break;
      const response = await fetch(`${this.url}/v2/models/hiring/ready`).catch(() => undefined);
      if (response?.ok === true) return;
      await delay(100);
    }
    await this[Symbol.asyncDispose]();
    throw new Error(`MLServer did not become ready:\n${this.#said}`);
  }
}
