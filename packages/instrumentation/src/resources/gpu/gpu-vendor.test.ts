import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { portOf } from '../../../../../test/support/port-of.ts';
import { GpuVendor } from './gpu-vendor.ts';
import { dcgmExporter } from './sources/dcgm-exporter.ts';
import { nvidiaSmi } from './sources/nvidia-smi.ts';

const MINUTE_MS = 60_000;
const recording = fileURLToPath(new URL('../../../recorded/nvidia-smi/tesla-t4.xml', import.meta.url));

/** A real executable on the path, that does what a broken driver does. */
describe('nvidia-smi as a program', () => {
  let folder: string;
  let nowMs: number;
  let complaints: string[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'driftline-gpu-'));
    vi.stubEnv('PATH', `${folder}:${process.env.PATH}`);
    nowMs = 0;
    complaints = [];
  });

  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true });
  });

  /** Each run leaves a line in `runs`. */
  async function install(script: string): Promise<void> {
    const path = join(folder, 'nvidia-smi');
    await writeFile(path, `#!/bin/sh\necho "$@" >> ${folder}/runs\n${script}\n`);
    await chmod(path, 0o755);
  }

  const runs = async (): Promise<readonly string[]> => {
    const text = await readFile(join(folder, 'runs'), 'utf8').catch(() => '');
    return text.split('\n').slice(0, -1);
  };

  function vendor(limits = { timeoutMs: 500, bytes: 1_000_000 }): GpuVendor {
    return new GpuVendor({
      sources: [nvidiaSmi],
      host: { platform: 'linux', root: '/', now: () => nowMs },
      complain: (message) => complaints.push(message),
      pageUrl: undefined,
      toolLimits: limits,
    });
  }

  it('is asked once a reading', async () => {
    await install(`cat ${recording}`);
    const nvidia = vendor({ timeoutMs: 5000, bytes: 1_000_000 });
    for (let reading = 0; reading < 3; reading++)
      expect(await nvidia.read()).toMatchObject([{ id: 'GPU-d37e67a5-91dd-3774-a5cb-99096249601a' }]);
    expect(await runs()).toEqual(['-q -x', '-q -x', '-q -x']);
    expect(complaints).toEqual([]);
  });

  it('that is not there is looked for once, then again after a quarter of an hour', async () => {
    vi.stubEnv('PATH', folder);
    const nvidia = vendor({ timeoutMs: 5000, bytes: 1_000_000 });
    expect(await nvidia.read()).toEqual([]);
    await install(`/bin/cat ${recording}`);
    nowMs += 14 * MINUTE_MS;
    expect(await nvidia.read()).toEqual([]);
    nowMs += MINUTE_MS;
    expect(await nvidia.read()).toHaveLength(1);
    expect(complaints).toEqual([]);
  });

  it('that hangs is killed, with what it started, and left in peace for longer and longer', async () => {
    await install(`echo $$ > ${folder}/program; sleep 60 & echo $! > ${folder}/child; wait`);
    const statusOf = async (name: string) =>
      readFile(`/proc/${(await readFile(join(folder, name), 'utf8')).trim()}/stat`, 'utf8').catch(() => 'gone');
    const patience = { timeout: 20_000 };
    const nvidia = vendor();
    const startedAt = performance.now();
    expect(await nvidia.read()).toEqual([]);
    expect(performance.now() - startedAt).toBeLessThan(50_000);
    expect(complaints).toEqual([expect.stringContaining('did not answer within 0.5 s and was killed')]);
    await expect.poll(() => statusOf('child'), patience).toMatch(/gone|\) [ZX]/);
    // While it has not ended for us too, no other is started.
    await expect.poll(() => statusOf('program'), patience).toBe('gone');

    expect(await nvidia.read()).toEqual([]);
    nowMs += MINUTE_MS;
    await nvidia.read();
    await expect.poll(() => statusOf('program'), patience).toBe('gone');
    nowMs += MINUTE_MS;
    await nvidia.read();
    expect(await runs()).toHaveLength(2);
    nowMs += MINUTE_MS;
    await nvidia.read();
    expect(await runs()).toHaveLength(3);
  });

  it('that recovers is asked as before', async () => {
    await install('exit 9');
    const nvidia = vendor({ timeoutMs: 5000, bytes: 1_000_000 });
    expect(await nvidia.read()).toEqual([]);
    await install(`cat ${recording}`);
    nowMs += MINUTE_MS;
    expect(await nvidia.read()).toHaveLength(1);
    expect(await nvidia.read()).toHaveLength(1);
  });

  it.each([
    [
      'whose driver is missing',
      'echo "NVIDIA-SMI has failed: no driver"; exit 9',
      /ended with 9: NVIDIA-SMI has failed/,
    ],
    ['that dies', 'kill -SEGV $$', /ended with SIGSEGV/],
    ['that floods', 'yes "<a>"', /wrote more than 1000000 bytes and was killed/],
    ['that is cut', `head -c 9000 ${recording}`, /nvidia-smi was not understood: its XML has no end/],
    ['that writes bytes of no text', `printf '\\377\\376\\000<a>\\200'`, /not understood: its XML has no end/],
    ['that says nothing', 'true', /not understood: its XML has no end/],
    ['that is no program', '\n#', /./],
  ])('%s is complained of, and no reading', async (_, script, message) => {
    await install(script);
    expect(await vendor({ timeoutMs: 5000, bytes: 1_000_000 }).read()).toEqual([]);
    expect(complaints).toEqual([expect.stringMatching(message)]);
  });

  it('that is no executable of this machine is complained of', async () => {
    const path = join(folder, 'nvidia-smi');
    await writeFile(path, '\x7fELF of another machine');
    await chmod(path, 0o755);
    expect(await vendor().read()).toEqual([]);
    expect(complaints).toHaveLength(1);
  });
});

describe('a DCGM exporter', () => {
  let server: Server;
  let answer: string;

  beforeEach(async () => {
    server = createServer((_, response) => response.end(answer));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  afterEach(() => new Promise((resolve) => server.close(resolve)));

  const complaints: string[] = [];
  const vendor = (url?: string) =>
    new GpuVendor({
      sources: [dcgmExporter],
      host: { platform: 'linux', root: '/nowhere', now: () => 0 },
      complain: (message) => complaints.push(message),
      pageUrl: url,
    });

  it('that the settings name is asked', async () => {
    answer = 'DCGM_FI_DEV_GPU_UTIL{gpu="0",UUID="GPU-1"} 40\n';
    const gpus = await vendor(`http://127.0.0.1:${portOf(server)}/metrics`).read();
    expect(gpus).toMatchObject([{ id: 'GPU-1', utilization: { general: 0.4 } }]);
  });

  it('that the settings name and that is away is complained of', async () => {
    expect(await vendor('http://127.0.0.1:1/metrics').read()).toEqual([]);
    expect(complaints).toHaveLength(1);
  });

  it('that floods is complained of', async () => {
    answer = 'x'.repeat(9_000_000);
    expect(await vendor(`http://127.0.0.1:${portOf(server)}/metrics`).read()).toEqual([]);
    expect(complaints.at(-1)).toMatch(/is larger than/);
  });

  it('is not looked for on machines without the driver', async () => {
    const before = complaints.length;
    expect(await vendor().read()).toEqual([]);
    expect(complaints).toHaveLength(before);
  });
});

/** A killed one that nobody has asked about yet is a zombie. */
