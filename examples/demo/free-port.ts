import { once } from 'node:events';
import { createServer } from 'node:net';

const TRIES = 50;

/** The first port from `wanted` on that nobody listens on. */
export async function freePort(wanted: number, host = '127.0.0.1'): Promise<number> {
  for (let port = wanted; port < wanted + TRIES; port += 1) {
    if (await isFree(port, host)) return port;
  }
  throw new Error(
    `demo: ports ${wanted} to ${wanted + TRIES - 1} on ${host} are all in use. Stop one of their owners.`,
  );
}

async function isFree(port: number, host: string): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
