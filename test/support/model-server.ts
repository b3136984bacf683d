import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { portOf } from './port-of.ts';

export const modelFolder = new URL('../auto/models/', import.meta.url);

/** The models of `test/auto/models` over HTTP, as browsers and TensorFlow.js load them. */
export async function serveModels(): Promise<{ readonly url: string } & AsyncDisposable> {
  const server = createServer((request, response) => {
    readFile(new URL(`.${request.url}`, modelFolder)).then(
      (file) => response.end(file),
      () => response.writeHead(404).end(),
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
