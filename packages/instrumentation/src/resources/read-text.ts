import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from './collectors/resource-collector.ts';

/** Kernels, containers and permissions differ: what is not there, or not for us, is no failure. */
const absent: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'ENODEV', 'EOPNOTSUPP']);

export function readText({ root }: Host, path: string): Promise<string | undefined> {
  return whereThere(() => readFile(join(root, path), 'utf8'));
}

export function namesIn({ root }: Host, path: string): Promise<readonly string[] | undefined> {
  return whereThere(() => readdir(join(root, path)));
}

async function whereThere<Value>(read: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Error && 'code' in error && absent.has(String(error.code))) return undefined;
    throw error;
  }
}
