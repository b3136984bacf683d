import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Component, Installed } from './component.ts';

const run = promisify(execFile);
const manifest = fileURLToPath(new URL('../../otel-collector/builder.yaml', import.meta.url));

/** The OpenTelemetry Collector of `otel-collector/builder.yaml`, built by its own builder (needs Go 1.25 or newer). */
export const collector: Component = {
  name: 'OpenTelemetry Collector',

  async find(cache) {
    const given = process.env['DRIFTLINE_OTELCOL'];
    if (given !== undefined) {
      return describe(given).catch((error: unknown) => {
        throw new Error(`DRIFTLINE_OTELCOL=${given} does not run; correct or unset it`, { cause: error });
      });
    }
    const path = await cachedPath(cache);
    return access(path).then(
      () => describe(path),
      () => undefined,
    );
  },

  async install(cache) {
    await run('go', ['version']).catch(() => {
      throw new Error('Go is not installed; install Go, or set DRIFTLINE_OTELCOL to an otelcol-contrib binary');
    });
    const target = await cachedPath(cache);
    const scratch = `${target}-build-${process.pid}`;
    process.stdout.write('component OpenTelemetry Collector: building it once, this takes a few minutes\n');
    const text = await readFile(manifest, 'utf8');
    const version = /^ {2}version: (\S+)/m.exec(text)?.[1];
    await mkdir(scratch, { recursive: true });
    try {
      // The builder has no flag for its output folder.
      await writeFile(join(scratch, 'builder.yaml'), text.replace('dist:\n', `dist:\n  output_path: ${scratch}\n`));
      await run(
        'go',
        ['run', `go.opentelemetry.io/collector/cmd/builder@v${version}`, '--config', join(scratch, 'builder.yaml')],
        {
          cwd: scratch,
          env: { ...process.env, CGO_ENABLED: '0' },
          maxBuffer: 64 * 1024 * 1024,
        },
      );
      await rename(join(scratch, 'otelcol-driftline'), target);
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
    return describe(target);
  },
};

/** One binary for each manifest, so that a changed manifest is a new build. */
async function cachedPath(cache: string): Promise<string> {
  const hash = createHash('sha256')
    .update(await readFile(manifest))
    .digest('hex')
    .slice(0, 12);
  return join(cache, `otelcol-driftline-${hash}`);
}

async function describe(path: string): Promise<Installed> {
  const { stdout } = await run(path, ['--version']);
  return { path, version: stdout.trim() };
}
