import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';
import { describe, expect, it } from 'vitest';
import { read } from '../support/source-files.ts';

/** What a page may load of ours, compressed. A page's visitors pay for every byte. */
const LIMIT_BYTES = 33_500;
/** How far a figure in a document may be from the truth. */
const TOLERANCE = 0.02;

const bytes = await loadedBytes(`export { monitorModel, startDriftline } from '@driftline/instrumentation';`);

describe('what a page loads of us, without @opentelemetry/api', () => {
  it(`is at most ${LIMIT_BYTES} bytes`, () => {
    expect(
      bytes,
      `a page loads ${bytes} bytes, ${bytes - LIMIT_BYTES} too many: ` +
        'keep what no page needs out of what packages/instrumentation/src/index.ts imports',
    ).toBeLessThanOrEqual(LIMIT_BYTES);
  });

  it.each(['packages/instrumentation/README.md', 'docs/monitoring.md'])('is what %s says', (path) => {
    const stated = Number(/(\d+(?:\.\d+)?) KB\s+compressed/.exec(read(path))?.[1]);
    expect(Math.abs(stated * 1000 - bytes) / bytes, `${path} says ${stated} KB, it is ${bytes} bytes`).toBeLessThan(
      TOLERANCE,
    );
  });
});

/** Bundled, minified and compressed as for a real page. */
async function loadedBytes(script: string): Promise<number> {
  const entry = `${import.meta.dirname}/page.ts`;
  const build = await rolldown({
    input: entry,
    external: ['@opentelemetry/api'],
    platform: 'browser',
    resolve: { conditionNames: ['@driftline/source', 'import', 'browser', 'default'] },
    plugins: [
      {
        name: 'script',
        load: (id) => (id === entry ? script : undefined),
        resolveId: (id) => (id === entry ? id : undefined),
      },
    ],
  });
  const { output } = await build.generate({ format: 'esm', minify: true });
  await build.close();
  return output.reduce(
    (sum, chunk) => sum + (chunk.type === 'chunk' ? gzipSync(chunk.code, { level: 9 }).length : 0),
    0,
  );
}
