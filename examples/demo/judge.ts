import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DriftService, startDriftService, type WindowMeasurement } from '@driftline/collector-processor';
import { readSettings } from '@driftline/collector-processor/settings';

export interface JudgeOptions {
  readonly port: number;
  readonly resultsUrl: string;
  /** Where the flights are in time. */
  readonly now: () => number;
  readonly log: (line: string) => void;
}

/** The real drift service on a clock of its own: it looks for windows that are due when told to. */
export class Judge implements AsyncDisposable {
  readonly #service: DriftService;
  readonly #windows: WindowMeasurement[];
  readonly #stateFolder: string;

  private constructor(service: DriftService, windows: WindowMeasurement[], stateFolder: string) {
    this.#service = service;
    this.#windows = windows;
    this.#stateFolder = stateFolder;
  }

  static async start({ port, resultsUrl, now, log }: JudgeOptions): Promise<Judge> {
    const windows: WindowMeasurement[] = [];
    const stateFolder = await mkdtemp(join(tmpdir(), 'driftline-demo-'));
    const settings = readSettings(join(import.meta.dirname, 'driftline.yaml'), {
      PORT: String(port),
      STATE_FOLDER: stateFolder,
      RESULTS_ENDPOINT: resultsUrl,
    });
    try {
      const service = await startDriftService({
        settings,
        now,
        log,
        onWindow: (window) => windows.push(window),
        tickMs: 0,
      });
      return new Judge(service, windows, stateFolder);
    } catch (error) {
      await rm(stateFolder, { recursive: true });
      throw error;
    }
  }

  get otlpUrl(): string {
    return this.#service.otlpUrl;
  }

  /** What was judged since the last look; its results are published by then. */
  async look(): Promise<readonly WindowMeasurement[]> {
    await this.#service.tick();
    return this.#windows.splice(0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#service.close();
    await rm(this.#stateFolder, { recursive: true });
  }
}
