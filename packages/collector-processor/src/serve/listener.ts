import { createAdaptorServer, type HttpBindings, type ServerType } from '@hono/node-server';
import type { Hono } from 'hono';
import { formatAddress, type ListenAddress } from '../settings.ts';

export interface Door {
  readonly app: Hono<{ Bindings: HttpBindings }>;
  readonly address: ListenAddress;
}

export interface Listener {
  readonly address: ListenAddress;
  /** No new connections; resolves when the requests under way have their answers. */
  close(): Promise<void>;
}

/**
 * Opens all doors, or none.
 * @throws Error that names the address and the way out, when one cannot be had.
 */
export async function listen(doors: readonly Door[]): Promise<readonly Listener[]> {
  const results = await Promise.allSettled(doors.map(open));
  const listeners = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed === undefined) return listeners;
  await Promise.all(listeners.map((listener) => listener.close()));
  throw failed.reason;
}

async function open({ app, address: { host, port } }: Door): Promise<Listener> {
  const server = createAdaptorServer(app);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new Error(explain(error, { host, port }), { cause: error })),
    );
    server.listen(port, host, resolve);
  });
  return { address: { host, port: portOf(server, port) }, close: () => close(server) };
}
function explain({ code, message }: NodeJS.ErrnoException, address: ListenAddress): string {
  const where = `cannot listen on ${formatAddress(address)}`;
  switch (code) {
    case 'EADDRINUSE':
      return `${where}: already in use. Is another \`driftline serve\` running? Choose one: --listen ${formatAddress({ ...address, port: address.port + 7 })}`;
    case 'EACCES':
      return `${where}: not permitted. Choose a port above 1023: --listen ${formatAddress({ ...address, port: 3743 })}`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${where}: this machine has no such address. Choose one it has: --listen 127.0.0.1:${address.port}`;
    case undefined:
    default:
      return `${where}: ${message}`;
  }
}

function portOf(server: ServerType, asked: number): number {
  const address = server.address();
  return address === null || typeof address === 'string' ? asked : address.port;
}

function close(server: ServerType): Promise<void> {
  return new Promise((resolve) => {
    // Idle connections would keep it open for as long as their clients like, and those that are busy become idle.
    const sweep = setInterval(() => closeIdle(server), SWEEP_MS);
    // A request that was never sent to its end has had its answer, and would stay for minutes.
    const end = setTimeout(() => closeAll(server), LONGEST_REQUEST_MS);
    server.close(() => {
      clearInterval(sweep);
      clearTimeout(end);
      resolve();
    });
    closeIdle(server);
  });
}

function closeIdle(server: ServerType): void {
  if ('closeIdleConnections' in server) server.closeIdleConnections();
}

function closeAll(server: ServerType): void {
  if ('closeAllConnections' in server) server.closeAllConnections();
}

const SWEEP_MS = 50;
/** Longer than it takes to tell a sender that its request was not committed in time. */
const LONGEST_REQUEST_MS = 6_000;
