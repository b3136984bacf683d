import { once } from 'node:events';
import { connect } from 'node:net';
import * as fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { portOf } from '../../../../test/support/port-of.ts';
import { type ServeHealth, webFrameworks } from '../../../../test/support/web-frameworks.ts';
import { createHealth, modelCheck } from '../index.ts';

async function started(listen: ServeHealth, prefix = '/') {
  const health = createHealth({
    checks: {
      lateness: modelCheck({ predict: () => 1, expected: 1 }),
      broken: modelCheck({ predict: () => 2, expected: 1, affects: 'nothing' }),
    },
    details: { bearer: 'the-token' },
  });
  health.start();
  await expect.poll(() => JSON.stringify(health.status())).not.toContain('not checked yet');
  const server = await listen(health, prefix);
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await health.close();
  });
  const url = `http://127.0.0.1:${portOf(server)}`;
  const get = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(url + path, init);
    return { status: response.status, body: await response.text(), headers: response.headers };
  };
  return { health, get, server };
}

describe.each(Object.entries(webFrameworks))('in %s', (_, listen) => {
  it('every path answers as it does everywhere', async () => {
    const { get } = await started(listen);
    expect(await get('/livez')).toMatchObject({ status: 200, body: 'ok' });
    expect(await get('/readyz?verbose&exclude=typo')).toMatchObject({
      status: 200,
      body: '[+]lateness ok\nreadyz check passed\n',
    });
    expect(await get('/readyz/broken')).toMatchObject({ status: 503 });
    expect(await get('/startupz')).toMatchObject({ status: 200 });
    expect(await get('/v2/models/lateness/ready')).toMatchObject({ status: 200 });
    expect(await get('/v2/models/broken/ready')).toMatchObject({ status: 503 });
    expect(await get('/v2/models/nobody/ready')).toMatchObject({ status: 404 });
    const { headers, body } = await get('/health', { headers: { authorization: 'Bearer the-token' } });
    expect(headers.get('content-type')).toBe('application/health+json');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toContain('answer is 2, expected 1');
    expect((await get('/health')).body).not.toContain('expected');
  });

  it('HEAD has the status and no body', async () => {
    const { get } = await started(listen);
    expect(await get('/readyz', { method: 'HEAD' })).toMatchObject({ status: 200, body: '' });
    expect(await get('/readyz/broken', { method: 'HEAD' })).toMatchObject({ status: 503, body: '' });
  });

  it('the application keeps its own paths, and health may stand under a prefix', async () => {
    const { get } = await started(listen, '/internal');
    expect(await get('/price')).toMatchObject({ status: 200, body: '12' });
    expect(await get('/internal/readyz')).toMatchObject({ status: 200, body: 'ok' });
    expect((await get('/readyz')).body).not.toBe('ok');
  });

  it('whatever is asked, something answers, and the next probe too', async () => {
    const { get, server } = await started(listen);
    const target = fc.oneof(
      fc.string({ unit: fc.constantFrom(...'/:@?#%.[]\\livezready') }).map((text) => `/${text}`),
      fc.constantFrom(
        '//',
        '*',
        'http://[::1/readyz',
        '//readyz',
        '/readyz/%',
        '/v2/models/%zz/ready',
        '/readyz?exclude=%',
      ),
    );
    await fc.assert(
      fc.asyncProperty(target, async (path) => {
        const socket = connect(portOf(server), '127.0.0.1');
        socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
        expect(String(await once(socket, 'data'))).toMatch(/^HTTP\/1\.1 (?:200|400|404|503) /);
        socket.destroy();
      }),
      { numRuns: 100 },
    );
    expect(await get('/readyz')).toMatchObject({ status: 200 });
  });
});
