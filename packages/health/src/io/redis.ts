import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Reach } from './reach.ts';

/** What Redis clients have in common: ioredis, node-redis, iovalkey. */
export interface PingableClient {
  ping(): unknown;
}

/**
 * A PING that must be answered: through a client of yours, or over a connection of its own to `redis://` or `rediss://`,
 * with user and password from the address.
 */
export function redis(server: string | URL | PingableClient): Reach {
  if (typeof server === 'object' && 'ping' in server) return () => server.ping();
  const url = new URL(server);
  if (!['redis:', 'rediss:'].includes(url.protocol))
    throw new Error(`health: redis does not know ${url.protocol}//; use redis:// or rediss://`);
  return (signal) => ping(url, signal);
}

function ping({ protocol, hostname, port, username, password }: URL, signal: AbortSignal): Promise<void> {
  // Of an IPv6 address without its brackets.
  const host = hostname.replace(/^\[(.*)\]$/, '$1') || 'localhost';
  const address = { host, port: port === '' ? 6379 : Number(port), signal };
  const isLogin = password !== '';
  const login = isLogin ? command('AUTH', ...[username, password].filter(Boolean).map(decodeURIComponent)) : '';
  return new Promise((resolve, reject) => {
    const socket = protocol === 'rediss:' ? connectTls({ ...address, servername: host }) : connectTcp(address);
    const end = (error?: Error): void => {
      socket.destroy();
      if (error === undefined) resolve();
      else reject(error);
    };
    let answer = '';
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      answer += chunk;
      const verdict = verdictOn(answer, isLogin ? 2 : 1);
      if (verdict === 'ready') end();
      else if (verdict !== 'incomplete') end(new Error(verdict.problem));
    });
    socket.once('error', end);
    socket.once('close', () => end(new Error('the connection was closed before PING was answered')));
    socket.write(login + command('PING'));
  });
}

function command(...words: readonly string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
}

/** Of what came so far: all answers but the last must be `+OK`, the last `+PONG`. */
export function verdictOn(answer: string, expected: number): 'ready' | 'incomplete' | { readonly problem: string } {
  const lines = answer.split('\r\n');
  const complete = lines.slice(0, -1);
  const error = complete.find((line) => !/^\+(?:OK|PONG)$/.test(line));
  if (error !== undefined) return { problem: error.startsWith('-') ? error.slice(1, 200) : 'this is not Redis' };
  if (complete.length < expected) return answer.length > 1_000 ? { problem: 'this is not Redis' } : 'incomplete';
  return complete[expected - 1] === '+PONG' ? 'ready' : { problem: 'PING was not answered' };
}
