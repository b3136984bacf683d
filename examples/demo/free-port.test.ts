import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { freePort } from './free-port.ts';

it('takes the next port where the wanted one is taken', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const address = taken.address();
  const wanted = typeof address === 'object' && address !== null ? address.port : 0;
  const port = await freePort(wanted);
  taken.close();
  expect(port).toBeGreaterThan(wanted);
});
