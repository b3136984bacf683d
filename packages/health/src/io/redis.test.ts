import { once } from 'node:events';
import { createServer } from 'node:net';
import * as fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { portOf } from '../../../../test/support/port-of.ts';
import { redis, verdictOn } from './redis.ts';

const never = new AbortController().signal;

/** A server on a real socket that answers each request as Redis would, byte by byte where asked. */
async function answering(...answers: readonly string[]) {
  const requests: string[] = [];
  const server = createServer((socket) => {
    const left = [...answers];
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      requests.push(String(chunk));
      for (const byte of left.splice(0).join('')) socket.write(byte);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { address: `127.0.0.1:${portOf(server)}`, requests };
}

describe('reaching Redis', () => {
  it('asks PING over a connection of its own', async () => {
    const { address, requests } = await answering('+PONG\r\n');
    await redis(`redis://${address}`)(never);
    expect(requests.join('')).toBe('*1\r\n$4\r\nPING\r\n');
  });

  it('logs in with user and password of the address', async () => {
    const { address, requests } = await answering('+OK\r\n', '+PONG\r\n');
    await redis(`redis://health:${encodeURIComponent('pässwörd!')}@${address}`)(never);
    expect(requests.join('')).toBe('*3\r\n$4\r\nAUTH\r\n$6\r\nhealth\r\n$11\r\npässwörd!\r\n*1\r\n$4\r\nPING\r\n');
  });

  it.each([
    ['-NOAUTH Authentication required.\r\n', 'NOAUTH Authentication required.'],
    ['-LOADING Redis is loading the dataset in memory\r\n', 'LOADING Redis is loading the dataset in memory'],
    ['HTTP/1.1 400 Bad Request\r\n', 'this is not Redis'],
    ['x'.repeat(2_000), 'this is not Redis'],
    ['+OK\r\n', 'PING was not answered'],
  ])('fails on %j', async (answer, message) => {
    const { address } = await answering(answer);
    await expect(redis(`redis://${address}`)(never)).rejects.toThrow(message);
  });

  it('never tells its password', async () => {
    const { address } = await answering('-WRONGPASS invalid username-password pair or user is disabled.\r\n');
    await expect(redis(`redis://:hunter2@${address}`)(never)).rejects.toThrow(/^WRONGPASS((?!hunter2).)*$/);
  });

  it('ends with its signal, and where the connection is closed', async () => {
    const { address } = await answering();
    await expect(redis(`redis://${address}`)(AbortSignal.timeout(50))).rejects.toThrow(/abort/i);
    const closing = createServer((socket) => socket.end()).listen(0, '127.0.0.1');
    await once(closing, 'listening');
    onTestFinished(() => void closing.close());
    await expect(redis(`redis://127.0.0.1:${portOf(closing)}`)(never)).rejects.toThrow(/closed|ECONNRESET|EPIPE/);
  });

  it('takes a client of yours instead', async () => {
    await expect(redis({ ping: async () => 'PONG' })(never)).resolves.toBe('PONG');
    await expect(redis({ ping: () => Promise.reject(new Error('offline')) })(never)).rejects.toThrow('offline');
  });

  it('refuses other addresses at once', () => {
    expect(() => redis('http://cache')).toThrow('health: redis does not know http://; use redis:// or rediss://');
  });

  it('has an opinion on any bytes, which more bytes never turn to ready', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'+-OKPONG\r\nx') }), fc.string(), (answer, more) => {
        const verdict = verdictOn(answer, 1);
        if (typeof verdict === 'object') expect(verdictOn(answer + more, 1)).not.toBe('ready');
        if (verdict === 'ready') expect(answer.startsWith('+PONG\r\n')).toBe(true);
      }),
    );
  });
});
