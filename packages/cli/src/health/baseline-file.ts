import { readFile, rename, writeFile } from 'node:fs/promises';
import type { Baseline, ModelHealthReport } from '@driftline/health';

export async function readBaseline(path: string, mayBeMissing: boolean): Promise<Baseline> {
  const { parseBaseline } = await import('@driftline/health');
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' && mayBeMissing) return undefined;
    throw new Error(
      error.code === 'ENOENT' ? `${path} does not exist; write it first: --update-baseline` : error.message,
      { cause: error },
    );
  });
  if (text === undefined) return {};
  try {
    return parseBaseline(text);
  } catch (error) {
    throw new Error(`${path} ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** Whole or not at all: half a baseline would be none for the next version. */
export async function writeBaseline(
  path: string,
  before: Baseline,
  reports: readonly ModelHealthReport[],
): Promise<void> {
  const { baselineText, updatedBaseline } = await import('@driftline/health');
  const unfinished = `${path}.${process.pid}.tmp`;
  await writeFile(unfinished, baselineText(updatedBaseline(before, reports)));
  await rename(unfinished, path);
}
