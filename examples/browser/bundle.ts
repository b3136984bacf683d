import { rolldown } from 'rolldown';

/** One script for a page or a worker, with everything that it imports. */
export async function bundle(entry: string): Promise<string> {
  const build = await rolldown({
    input: entry,
    platform: 'browser',
    // In this repository packages are taken from their sources.
    resolve: { conditionNames: ['@driftline/source', 'import', 'browser', 'default'] },
  });
  try {
    const { output } = await build.generate({ format: 'esm', minify: true, codeSplitting: false });
    return output[0].code;
  } finally {
    await build.close();
  }
}
