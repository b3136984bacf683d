import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { SketchReceivingEnd } from '../support/sketch-receiving-end.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
const folder = 'examples/snippets';
const docs = (await readdir(join(root, 'docs'))).map((name) => join('docs', name));
const pages = ['packages/instrumentation/README.md', ...docs].map((path) => readFile(join(root, path), 'utf8'));
const text = (await Promise.all(pages)).join('\n');
const files = (await readdir(join(root, folder))).filter((name) => name.endsWith('.ts'));
/** What stands for the reader's own code and data is not shown. */
const standIns = ['your-service.ts', 'credit-model.ts', 'misjoined-rides.ts'];
const snippets = files.filter((name) => !standIns.includes(name));
/** Vitest runs these itself, with the other tests of examples. */
const programs = snippets.filter((name) => !name.endsWith('.test.ts'));

describe('the README of the instrumentation, or a page of the docs', () => {
  it.each(snippets)('shows %s as it is', async (name) => {
    const code = await readFile(join(root, folder, name), 'utf8');
    expect(text).toContain(`<!-- ${folder}/${name} -->\n\`\`\`ts\n${code}\`\`\`\n`);
  });
});

describe('the snippets', () => {
  it.each(programs)('%s runs to its end', async (name) => {
    await using driftService = await SketchReceivingEnd.start();
    const env = {
      PATH: process.env['PATH'],
      DRIFTLINE_ENDPOINT: driftService.url,
      OTEL_SDK_DISABLED: undefined,
      OTEL_TRACES_EXPORTER: 'none',
      OTEL_METRICS_EXPORTER: 'none',
      OTEL_LOGS_EXPORTER: 'none',
    };
    const started = run(process.execPath, ['--conditions=@driftline/source', join(folder, name)], {
      cwd: root,
      env,
      timeout: 60_000,
    });
    await expect(started).resolves.toMatchObject({ stderr: '' });
  });

  it('batch.ts loses none of its 100,000 rows', async () => {
    await using driftService = await SketchReceivingEnd.start();
    const env = { PATH: process.env['PATH'], DRIFTLINE_ENDPOINT: driftService.url };
    await run(process.execPath, ['--conditions=@driftline/source', join(folder, 'batch.ts')], { cwd: root, env });
    const rows = driftService.points
      .filter(
        ({ metric, attributes }) => metric === 'ml.feature.observations' && attributes['ml.feature.name'] === 'age',
      )
      .reduce((sum, { asInt }) => sum + Number(asInt), 0);
    expect(rows).toBe(100_000);
    const identities = driftService.points
      .filter(({ metric, attributes }) => metric === 'ml.feature.value' && attributes['ml.feature.name'] === 'age')
      .map(({ startTimeUnixNano, timeUnixNano }) => `${startTimeUnixNano} ${timeUnixNano}`);
    expect(new Set(identities).size).toBe(identities.length);
  });
});
