import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { RecordingServer } from '../../../test/support/recording-server.ts';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'driftline-doctor-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('driftline doctor', { timeout: 60_000 }, () => {
  it('goes the whole way, also to an endpoint that was written with a slash', async () => {
    const server = await listening();
    const { code, stdout } = await doctor(server.url, `${server.url}/`);
    expect(stdout).toContain(`${server.url}/ takes OTLP`);
    expect(code).toBe(0);
    expect(server.requests.map(({ path }) => path)).toEqual(['/readyz', '/v1/metrics', '/v1/metrics']);
  });

  it('stops at the first step that fails, and says what to do', async () => {
    const { code, stdout } = await doctor('http://127.0.0.1:9', '');
    expect(stdout).toContain('nothing answers at http://127.0.0.1:9');
    expect(stdout).toContain('Start it: driftline serve');
    expect(stdout).not.toContain('takes a sketch');
    expect(code).toBe(1);
  });

  it('follows no redirect: the service does not, and the token would go to whoever is named', async () => {
    const elsewhere = await listening();
    const server = await listening();
    server.answers.push({ status: 200 }, { status: 200 }, { status: 307, headers: { location: elsewhere.url } });
    const { code, stdout } = await doctor(server.url, server.url);
    expect(stdout).toContain('publish.endpoint answers 307');
    expect(code).toBe(1);
    expect(elsewhere.requests).toEqual([]);
  });
});

async function listening(): Promise<RecordingServer> {
  const server = await RecordingServer.listen();
  onTestFinished(() => server[Symbol.asyncDispose]());
  return server;
}

/** The real binary, from its sources. */
async function doctor(service: string, publish: string): Promise<{ readonly code: number; readonly stdout: string }> {
  const config = join(folder, 'driftline.yaml');
  await writeFile(config, `publish: { endpoint: "${publish}", headers: { x-api-key: key-2342 } }\n`);
  const command = ['--conditions=@driftline/source', main, 'doctor', '--config', config, '--endpoint', service];
  return new Promise((resolve) => {
    execFile(process.execPath, command, { env: { ...process.env, NO_COLOR: '1' }, cwd: folder }, (error, stdout) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout });
    });
  });
}
