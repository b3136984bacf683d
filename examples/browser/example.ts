import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { type DriftServiceOptions, startDriftService } from '@driftline/collector-processor';
import { readSettings } from '@driftline/collector-processor/settings';
import { site, type SiteOptions } from './site.ts';

export interface ExampleOptions
  extends Pick<SiteOptions, 'scripts'>,
    Pick<DriftServiceOptions, 'now' | 'onWindow' | 'tickMs'> {
  /** Of the page; any free one where it is 0. */
  readonly port: number;
}

export interface Example extends AsyncDisposable {
  readonly url: string;
  readonly driftService: string;
}

/** A web site and a drift service, two origins on this machine, until they are disposed of. */
export async function startExample({ port, scripts, ...watching }: ExampleOptions): Promise<Example> {
  const stateFolder = await mkdtemp(join(tmpdir(), 'driftline-browser-'));
  const server = createServer();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${portOf(server)}`;

  const service = await startDriftService({
    settings: readSettings(join(import.meta.dirname, 'driftline.yaml'), {
      PORT: '0',
      STATE_FOLDER: stateFolder,
      PAGE_ORIGIN: url,
    }),
    ...watching,
  });
  const { fetch } = await site({ driftService: service.url, ...(scripts && { scripts }) });
  const listener = getRequestListener(fetch);
  server.on('request', (request, response) => void listener(request, response));

  return {
    url,
    driftService: service.url,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await service.close();
      await rm(stateFolder, { recursive: true });
    },
  };
}

function portOf(server: ReturnType<typeof createServer>): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
