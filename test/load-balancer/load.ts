import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** Clients that ask for predictions without a break over connections they keep, and count every answer. */
export class Load implements AsyncDisposable {
  readonly failures: string[] = [];
  /** Who answered, in order. */
  readonly answeredBy: string[] = [];
  readonly #agent = new Agent({ keepAlive: true });
  readonly #clients: readonly Promise<void>[];
  #isOver = false;

  constructor(port: number, { clients, method }: { readonly clients: number; readonly method: 'GET' | 'POST' }) {
    this.#clients = Array.from({ length: clients }, async () => {
      while (!this.#isOver) await this.#ask(port, method);
    });
  }

  /** The replicas behind the answers from now on, so many of them. */
  async next(answers: number): Promise<ReadonlySet<string>> {
    const start = this.answeredBy.length;
    while (this.answeredBy.length < start + answers && !this.#isOver) await sleep(10);
    return new Set(this.answeredBy.slice(start));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#clients);
    this.#agent.destroy();
  }

  async #ask(port: number, method: string): Promise<void> {
    const failure = await new Promise<string | undefined>((resolve) => {
      const asked = request({ host: '127.0.0.1', port, path: '/predictions/30', method, agent: this.#agent });
      asked.setTimeout(10_000, () => asked.destroy(new Error('no answer within 10 s')));
      asked.once('error', ({ message }) => resolve(message));
      asked.once('response', (response) => {
        let body = '';
        response.on('data', (chunk) => (body += String(chunk)));
        response.once('error', ({ message }) => resolve(message));
        response.once('end', () => {
          const isWhole = response.statusCode === 200 && body.endsWith('}');
          if (isWhole) this.answeredBy.push(String(response.headers['x-replica']));
          resolve(isWhole ? undefined : `${response.statusCode} ${body}`);
        });
      });
      asked.end();
    });
    if (failure === undefined) return;
    this.failures.push(failure);
    await sleep(50);
  }
}
