import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { gpuMeasurements } from '../gpu-measurements.ts';
import { dcgmExporter } from './dcgm-exporter.ts';

const parse = (readings: string) => dcgmExporter.parse({ readings, identities: '' });
const MEBIBYTE = 2 ** 20;

it('reads the answer in its README: a blank number is none', () => {
  const text = readFileSync(new URL('../../../../recorded/dcgm-exporter/readme.txt', import.meta.url), 'utf8');
  const [gpu] = parse(text);
  expect(gpu).toMatchObject({ id: 'GPU-604ac76c-d9cf-fef3-62e9-d92044ab6e52', temperatures: { memory: undefined } });
});

/** The fields of its default-counters.csv, and the optional ones for ECC and throttling; values by hand. */
const labels = 'gpu="0",UUID="GPU-1",pci_bus_id="00000000:07:00.0",device="nvidia0",modelName="NVIDIA H100"';
const page = (ofGpu = `${labels},Hostname="gpu-1",DCGM_FI_DRIVER_VERSION="550.54.15"`) =>
  `DCGM_FI_DEV_GPU_UTIL{${ofGpu}} 87
DCGM_FI_DEV_ENC_UTIL{${ofGpu}} 0
DCGM_FI_DEV_FB_USED{${ofGpu}} 1000
DCGM_FI_DEV_FB_FREE{${ofGpu}} 2500
DCGM_FI_DEV_FB_RESERVED{${ofGpu}} 500
DCGM_FI_DEV_GPU_TEMP{${ofGpu}} 66
DCGM_FI_DEV_POWER_USAGE{${ofGpu}} 305.800000
DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION{${ofGpu}} 8.675309e+09
DCGM_FI_DEV_ECC_SBE_VOL_TOTAL{${ofGpu}} 2
DCGM_FI_DEV_ECC_DBE_VOL_TOTAL{${ofGpu}} 1
DCGM_FI_DEV_CLOCKS_EVENT_REASONS{${ofGpu}} 36`;

it('knows energy in joules, memory that is reserved, and the bits of NVML', () => {
  expect(parse(page())).toMatchObject([
    {
      id: 'GPU-1',
      name: 'NVIDIA H100',
      driverVersion: '550.54.15',
      utilization: { general: 0.87, encoder: 0 },
      memory: { usedBytes: 1000 * MEBIBYTE, limitBytes: 4000 * MEBIBYTE },
      temperatures: { core: 66 },
      powerWatts: 305.8,
      energyJoules: 8_675_309,
      memoryErrors: { corrected: 2, uncorrected: 1 },
      throttle: { power_cap: true, power_brake: false, thermal: true, hardware: false },
    },
  ]);
});

it('tells no parts of a GPU for the whole', () => {
  expect(parse(page(`${labels},GPU_I_PROFILE="1g.6gb",GPU_I_ID="3"`))).toEqual([]);
});

it('takes anything', () => {
  const line = fc
    .tuple(
      fc.constantFrom('DEV_GPU_UTIL', 'DEV_FB_USED', 'X'),
      fc.string(),
      fc.oneof(fc.double().map(String), fc.string()),
    )
    .map(([field, id, value]) => `DCGM_FI_${field}{UUID="${id}"} ${value}`);
  fc.assert(
    fc.property(fc.array(fc.oneof(line, fc.string())), (lines) => {
      for (const { value } of parse(lines.join('\n')).flatMap(gpuMeasurements))
        expect(Number.isFinite(value)).toBe(true);
    }),
  );
});
