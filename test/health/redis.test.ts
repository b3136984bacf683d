import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { promisify } from 'node:util';
import { createHealth, dependencyCheck, redis } from '@driftline/health';
import { describe, expect, it, onTestFinished } from 'vitest';
import { obtain } from '../components/component.ts';
import { redisServer } from '../components/redis.ts';
import { freePort } from '../support/free-port.ts';

const run = promisify(execFile);
const program = await obtain(redisServer);
const soon = { timeout: 20_000, interval: 50 };
const patience = () => AbortSignal.timeout(5_000);

describe.skipIf(program.state === 'missing')('a real Redis', () => {
  it('is reached without a password, with one, and as a user of its own', async () => {
    const open = await startRedis([]);
    await redis(`redis://127.0.0.1:${open.port}`)(patience());
    const guarded = await startRedis(['--requirepass', 'pässwörd!', '--user', 'health', 'on', '>s3cret', '+ping']);
    const address = `127.0.0.1:${guarded.port}`;
    await redis(`redis://:${encodeURIComponent('pässwörd!')}@${address}`)(patience());
    await redis(`redis://health:s3cret@${address}`)(patience());
    await expect(redis(`redis://${address}`)(patience())).rejects.toThrow('NOAUTH Authentication required.');
    await expect(redis(`redis://health:wrong@${address}`)(patience())).rejects.toThrow(/^WRONGPASS/);
  });

  it('is reached by TLS where its certificate is trusted, and nowhere else', async () => {
    const { authority, files } = await certificates();
    const { port } = await startRedis(['--tls-port', 'PORT', '--port', '0', ...files]);
    const reach = redis(`rediss://localhost:${port}`);
    await expect(reach(patience())).rejects.toThrow(/self-signed|unable to (verify|get)/);
    const trusted = getCACertificates('default');
    onTestFinished(() => setDefaultCACertificates(trusted));
    setDefaultCACertificates([...trusted, authority]);
    await reach(patience());
    await expect(redis(`redis://localhost:${port}`)(patience())).rejects.toThrow();
  });

  it('takes a service out of rotation while it is down, and back when it answers again', async () => {
    const first = await startRedis([]);
    const reach = redis(`redis://127.0.0.1:${first.port}`);
    const health = createHealth({
      checks: { cache: dependencyCheck({ reach, everyMs: 50, failAfter: 2, recoverAfter: 2 }) },
    });
    onTestFinished(() => health.close());
    health.start();
    const readiness = async () => (await health.routes.request('/readyz')).status;
    await expect.poll(readiness, soon).toBe(200);
    await first.stop();
    await expect.poll(readiness, soon).toBe(503);
    await startRedis([], first.port);
    await expect.poll(readiness, soon).toBe(200);
  });
});

interface RunningRedis {
  readonly port: number;
  stop(): Promise<void>;
}

async function startRedis(settings: readonly string[], wanted?: number): Promise<RunningRedis> {
  if (program.state === 'missing') throw new Error(program.reason);
  const port = wanted ?? (await freePort());
  const given = settings.map((word) => (word === 'PORT' ? String(port) : word));
  const plain = settings.includes('--port') ? [] : ['--port', String(port)];
  const server = spawn(program.path, [...plain, ...given, '--save', '', '--bind', '127.0.0.1'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const stop = async (): Promise<void> => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    server.kill();
    await once(server, 'exit');
  };
  onTestFinished(stop);
  for await (const line of server.stdout) if (String(line).includes('Ready to accept connections')) break;
  server.stdout.resume();
  return { port, stop };
}

/** An authority of our own and a certificate of its for localhost. */
async function certificates() {
  const folder = await mkdtemp(join(tmpdir(), 'driftline-redis-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const [authority, key, certificate] = ['ca.pem', 'key.pem', 'cert.pem'].map((name) => join(folder, name));
  if (authority === undefined || key === undefined || certificate === undefined) throw new Error('three files');
  const made = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2'];
  const authorityKey = join(folder, 'ca-key.pem');
  await run('openssl', [...made, '-subj', '/CN=authority', '-keyout', authorityKey, '-out', authority]);
  const signed = ['-CA', authority, '-CAkey', authorityKey, '-subj', '/CN=localhost'];
  const named = ['-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', certificate];
  await run('openssl', [...made, ...signed, ...named]);
  const files = ['--tls-cert-file', certificate, '--tls-key-file', key, '--tls-ca-cert-file', authority];
  return { authority: await readFile(authority, 'utf8'), files: [...files, '--tls-auth-clients', 'no'] };
}
