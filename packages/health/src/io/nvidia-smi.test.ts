import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { nvidiaSmi, parseNvidiaSmi } from './nvidia-smi.ts';

const first = 'GPU-5ffe3d2e-1f4e-8a3c-9d2b-6c1f0e7a4b11';
const second = 'GPU-0a8d3a9c-7c1e-2b44-1f0d-3e9b8c7d6a52';

/** An executable in nvidia-smi's place. */
async function tool(script: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'driftline-gpu-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'nvidia-smi');
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}

describe('asking nvidia-smi', () => {
  it('reads memory and temperature of each GPU, as it asked for them', async () => {
    const path = await tool(
      `[ "$*" = "--query-gpu=uuid,memory.used,memory.total,temperature.gpu --format=csv,noheader,nounits" ] || exit 2
echo '${first}, 40536, 81072, 61'
echo '${second}, 0, 81072, 34'`,
    );
    expect(await nvidiaSmi({ path })(new AbortController().signal)).toEqual([
      { id: first, memory: 0.5, temperatureCelsius: 61 },
      { id: second, memory: 0, temperatureCelsius: 34 },
    ]);
  });

  it('is not here on most machines, and says so', async () => {
    await expect(nvidiaSmi({ path: '/no/such/nvidia-smi' })(new AbortController().signal)).rejects.toThrow('ENOENT');
  });

  it('fails as the tool does', async () => {
    const path = await tool('echo "Failed to initialize NVML: Driver/library version mismatch" >&2; exit 18');
    await expect(nvidiaSmi({ path })(new AbortController().signal)).rejects.toThrow('Driver/library version mismatch');
  });

  it('is killed when it hangs, whatever it does about signals', async () => {
    const path = await tool('trap "" TERM; exec sleep 60');
    await expect(nvidiaSmi({ path })(AbortSignal.timeout(100))).rejects.toThrow(/abort/i);
  });
});

describe("nvidia-smi's answer", () => {
  it('leaves out what a card does not tell', () => {
    expect(parseNvidiaSmi(`${first}, [N/A], [N/A], 45\n${second}, 12, 24, [Not Supported]\n`)).toEqual([
      { id: first, temperatureCelsius: 45 },
      { id: second, memory: 0.5 },
    ]);
  });

  it.each([
    'No devices were found',
    'Unable to determine the device handle for GPU 0000:03:00.0: GPU is lost.  Reboot the system to recover this GPU',
    `${first}, 1, 2`,
  ])('is no list of GPUs: %s', (line) => {
    expect(() => parseNvidiaSmi(`${line}\n`)).toThrow(`nvidia-smi says ${JSON.stringify(line)}`);
  });

  it('of any kind gives shares and numbers, or is refused', () => {
    const field = fc.oneof(fc.nat().map(String), fc.string(), fc.constantFrom('[N/A]', 'ERR!', '-1', '1e9', ''));
    const line = fc.tuple(fc.constantFrom(first, 'GPU-x', ''), field, field, field).map((fields) => fields.join(', '));
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        try {
          for (const { memory = 0, temperatureCelsius = 0 } of parseNvidiaSmi(lines.join('\n')))
            expect(Number.isFinite(memory) && Number.isFinite(temperatureCelsius)).toBe(true);
        } catch (error) {
          expect(String(error)).toContain('nvidia-smi says ');
        }
      }),
    );
  });
});
