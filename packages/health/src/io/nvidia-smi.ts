import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** What one GPU tells of itself; some cards do not tell everything. */
export interface GpuReading {
  readonly id: string;
  /** Share of its memory that is taken. */
  readonly memory?: number;
  readonly temperatureCelsius?: number;
}

export type ReadGpus = (signal: AbortSignal) => readonly GpuReading[] | Promise<readonly GpuReading[]>;

const query = ['--query-gpu=uuid,memory.used,memory.total,temperature.gpu', '--format=csv,noheader,nounits'];
const run = promisify(execFile);

/** Asks NVIDIA's own tool, which comes with the driver. */
export function nvidiaSmi({ path = 'nvidia-smi' }: { readonly path?: string } = {}): ReadGpus {
  return async (signal) => {
    // A driver that hangs keeps the tool from ending at a polite signal.
    const { stdout } = await run(path, query, { signal, killSignal: 'SIGKILL', maxBuffer: 1024 * 1024 });
    return parseNvidiaSmi(stdout);
  };
}

/** @throws where a line is not a GPU: the driver's complaints stand on standard output. */
export function parseNvidiaSmi(csv: string): readonly GpuReading[] {
  return csv
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [id = '', used, total, temperature, ...more] = line.split(',').map((field) => field.trim());
      if (!/^(?:GPU|MIG)-[\w/-]+$/.test(id) || temperature === undefined || more.length > 0)
        throw new Error(`nvidia-smi says ${JSON.stringify(line.slice(0, 200))}`);
      const memory = numberIn(used) / numberIn(total);
      const temperatureCelsius = numberIn(temperature);
      return {
        id,
        ...(Number.isFinite(memory) && { memory }),
        ...(Number.isFinite(temperatureCelsius) && { temperatureCelsius }),
      };
    });
}

/** `[N/A]`, `[Not Supported]` and `ERR!` are no numbers. */
function numberIn(field = ''): number {
  return /^\d+(\.\d+)?$/.test(field) ? Number(field) : Number.NaN;
}
