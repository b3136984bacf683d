import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** A real program that tests run against: found on this machine, or installed once into a cache outside the tree. */
export interface Component {
  readonly name: string;
  /** The program and its version where it is already here. */
  find(cache: string): Promise<Installed | undefined>;
  /** Throws an error whose message says why it cannot be had. */
  install(cache: string): Promise<Installed>;
}

export interface Installed {
  readonly path: string;
  readonly version: string;
}

export type Availability =
  | ({ readonly state: 'available' } & Installed)
  | { readonly state: 'missing'; readonly reason: string };

/**
 * Finds or installs the component and says on standard output what will be used.
 * @throws where `CI=true` and the component is missing: there nothing may be skipped silently.
 */
export async function obtain(component: Component): Promise<Availability> {
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'driftline-components');
  await mkdir(cache, { recursive: true });
  try {
    const installed = (await component.find(cache)) ?? (await component.install(cache));
    process.stdout.write(`component ${component.name}: ${installed.version} (${installed.path})\n`);
    return { state: 'available', ...installed };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (process.env['CI'] === 'true')
      throw new Error(`component ${component.name} is missing: ${reason}`, { cause: error });
    process.stdout.write(`component ${component.name}: skipped, ${reason}\n`);
    return { state: 'missing', reason };
  }
}
