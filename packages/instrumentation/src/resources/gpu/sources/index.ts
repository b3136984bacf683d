import { amdSmi } from './amd-smi.ts';
import { apple } from './apple.ts';
import { dcgmExporter } from './dcgm-exporter.ts';
import type { GpuSource } from './gpu-source.ts';
import { nvidiaSmi } from './nvidia-smi.ts';
import { rocmSmi } from './rocm-smi.ts';

/** Of one vendor's the first that answers is asked. */
export const gpuSources = [dcgmExporter, nvidiaSmi, amdSmi, rocmSmi, apple] as const satisfies readonly GpuSource[];
