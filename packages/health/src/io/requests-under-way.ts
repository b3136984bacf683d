import type { IncomingMessage, ServerResponse } from 'node:http';

/** A `node:http` or `node:https` server: what `serve()`, Express's `app.listen()` and `fastify.server` are. */
export interface DrainableServer {
  prependListener(event: 'request', listener: (request: IncomingMessage, response: ServerResponse) => void): unknown;
  close(callback: () => void): unknown;
  closeIdleConnections(): void;
  closeAllConnections(): void;
}

/** Knows which requests have no complete answer yet, from when it is made. */
export class RequestsUnderWay {
  readonly #servers: readonly DrainableServer[];
  readonly #responses = new Set<ServerResponse>();
  #areConnectionsEnding = false;

  constructor(servers: readonly DrainableServer[]) {
    this.#servers = servers;
    for (const server of servers) server.prependListener('request', (_, response) => this.#add(response));
  }

  get count(): number {
    return this.#responses.size;
  }

  /** Whoever keeps a connection, a client or a balancer that does not probe, must go elsewhere with its next request. */
  endConnections(): void {
    this.#areConnectionsEnding = true;
    for (const response of this.#responses) endConnectionWith(response);
  }

  /** No new connections; resolves when all is answered, or with how many were cut off at the deadline. */
  async close(timeoutMs: number): Promise<number> {
    const deadline = performance.now() + timeoutMs;
    let lastBusy = performance.now();
    let open = this.#servers.length;
    for (const server of this.#servers) server.close(() => (open -= 1));
    return new Promise((resolve) => {
      const sweep = setInterval(() => {
        // Those that are busy become idle, and would stay open for as long as their clients like.
        for (const server of this.#servers) server.closeIdleConnections();
        const now = performance.now();
        if (this.count > 0) lastBusy = now;
        // A connection that never asked for anything is not idle to Node, and need not be waited for.
        if (open > 0 && now < deadline && now < lastBusy + SILENCE_MS) return;
        clearInterval(sweep);
        const cut = this.count;
        for (const server of this.#servers) server.closeAllConnections();
        resolve(cut);
      }, SWEEP_MS);
    });
  }

  #add(response: ServerResponse): void {
    this.#responses.add(response);
    response.once('close', () => this.#responses.delete(response));
    if (this.#areConnectionsEnding) endConnectionWith(response);
  }
}

const SWEEP_MS = 20;
/** Ample for a request that is on its way through an accepted connection. */
const SILENCE_MS = 1_000;

function endConnectionWith(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('connection', 'close');
}
