import { connect } from 'node:net';

/** Asks a dependency for a sign of life: resolves, or throws saying what is wrong. */
export type Reach = (signal: AbortSignal) => unknown;

/** A GET that must answer with a 2xx status. */
export function http(
  url: string | URL,
  { headers = {} }: { readonly headers?: Readonly<Record<string, string>> } = {},
): Reach {
  const { href, origin, pathname } = new URL(url);
  return async (signal) => {
    const response = await fetch(href, { signal, headers, redirect: 'manual' });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`${origin}${pathname} answered ${response.status}`);
  };
}

/** A connection that must open. */
export function tcp({ host, port }: { readonly host: string; readonly port: number }): Reach {
  return (signal) =>
    new Promise<void>((resolve, reject) => {
      const socket = connect({ host, port, signal });
      socket.once('connect', () => {
        socket.destroy();
        resolve();
      });
      socket.once('error', reject);
    });
}

/** What SQL clients have in common: pg, mysql2, and with an arrow any other. */
export interface QueryableClient {
  query(text: string): unknown;
}

/** A `SELECT 1` that must be answered: `sql(pool)`, or `sql((text) => database.prepare(text).get())`. */
export function sql(client: QueryableClient | ((text: string) => unknown)): Reach {
  return () => (typeof client === 'function' ? client('SELECT 1') : client.query('SELECT 1'));
}
