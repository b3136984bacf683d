import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { explainError } from '../../faults.ts';
import type { Host } from '../collectors/resource-collector.ts';
import type { GpuReading } from './gpu-reading.ts';
import { readPage } from './page.ts';
import type { GpuAnswer, GpuSource, Page, Program } from './sources/gpu-source.ts';
import { findTool, Tool, type ToolLimits } from './tool.ts';

export interface GpuVendorOptions {
  /** Of one vendor, the best first. */
  readonly sources: readonly GpuSource[];
  readonly host: Host;
  readonly complain: (message: string) => void;
  /** A page to ask whatever its default is. */
  readonly pageUrl: string | undefined;
  readonly toolLimits?: ToolLimits;
}

type Ask = () => Promise<readonly GpuReading[]>;

const LOOK_AGAIN_MS = 15 * 60_000;
const FIRST_BACKOFF_MS = 60_000;
const FAILURES_UNTIL_LOOKED_FOR_AGAIN = 3;

/** One vendor's GPUs: looked for once, then asked; nothing there or nothing but errors, and it is left in peace. */
export class GpuVendor {
  readonly #options: GpuVendorOptions;
  #ask: Ask | undefined;
  #failures = 0;
  #quietUntilMs = Number.NEGATIVE_INFINITY;

  constructor(options: GpuVendorOptions) {
    this.#options = options;
  }

  /** Never throws. */
  async read(): Promise<readonly GpuReading[]> {
    const { host, complain } = this.#options;
    if (host.now() < this.#quietUntilMs) return [];
    this.#ask ??= await this.#find();
    if (this.#ask === undefined) {
      this.#quietUntilMs = host.now() + LOOK_AGAIN_MS;
      return [];
    }
    try {
      const readings = await this.#ask();
      this.#failures = 0;
      return readings;
    } catch (error) {
      complain(explainError(error));
      this.#quietUntilMs = host.now() + Math.min(FIRST_BACKOFF_MS * 2 ** this.#failures, LOOK_AGAIN_MS);
      this.#failures++;
      if (this.#failures % FAILURES_UNTIL_LOOKED_FOR_AGAIN === 0) this.#ask = undefined;
      return [];
    }
  }

  async #find(): Promise<Ask | undefined> {
    for (const source of this.#options.sources) {
      const ask =
        'program' in source.ask
          ? await this.#findProgram(source, source.ask.program)
          : await this.#findPage(source, source.ask.page);
      if (ask !== undefined) return ask;
    }
    return undefined;
  }

  async #findProgram(source: GpuSource, { name, platforms, readings, identities }: Program): Promise<Ask | undefined> {
    const { host, toolLimits } = this.#options;
    if (!platforms.includes(host.platform)) return undefined;
    const path = await findTool(name, host.platform);
    if (path === undefined) return undefined;
    const tool = new Tool(path, toolLimits);
    let known: string | undefined;
    return async () => {
      known ??= identities === undefined ? '' : await tool.run(identities);
      return parsed(source, { readings: await tool.run(readings), identities: known });
    };
  }

  /** Named in the settings it is asked whatever happens; else only where one answers with GPUs. */
  async #findPage(source: GpuSource, { defaultUrl, onlyWhere }: Page): Promise<Ask | undefined> {
    const { host, pageUrl } = this.#options;
    const url = pageUrl ?? defaultUrl;
    const ask: Ask = async () => parsed(source, { readings: await readPage(url), identities: '' });
    if (pageUrl !== undefined) return ask;
    try {
      await access(join(host.root, onlyWhere));
      return (await ask()).length > 0 ? ask : undefined;
    } catch {
      return undefined;
    }
  }
}

function parsed(source: GpuSource, answer: GpuAnswer): readonly GpuReading[] {
  try {
    return source.parse(answer);
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'its answer is none.';
    throw new Error(`${source.name} was not understood: ${reason}`, { cause: error });
  }
}
